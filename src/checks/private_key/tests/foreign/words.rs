//! What is told by its words: references, placeholders, keys in text of other programs.

use super::*;

pub(super) fn cases() -> Vec<Case> {
    let mut all = texts();
    all.extend(stand_ins());
    all.extend(web_keys());
    all
}

fn texts() -> Vec<Case> {
    let given = "encrypted-file-given";
    let key = text("ec-p256.pem");
    let rtf = format!("{{\\rtf1\\ansi {}}}", key.replace('\n', "\\par\n"));
    vec![
        refused(
            "age identity",
            format!("# created: now\nAGE-SECRET-KEY-1{CANARY}\n"),
            "age-given",
            "private-key",
            true,
        ),
        refused("age recipient", "age1qqqqqqqqqqqqqqqqqqqqqqqq", "age-given", "public-key", false),
        refused(
            "Ansible Vault",
            format!("$ANSIBLE_VAULT;1.1;AES256\n{}\n", "3132".repeat(30)),
            given,
            "encrypted-file",
            true,
        ),
        refused(
            "SOPS",
            format!("key: ENC[AES256_GCM,data:{CANARY},type:str]\n"),
            given,
            "encrypted-file",
            true,
        ),
        refused(
            "SOPS in JSON",
            format!("{{\"key\": \"ENC[AES256_GCM,data:{CANARY}]\"}}"),
            given,
            "encrypted-file",
            true,
        ),
        refused("RTF with a key", rtf, "document-given", "document", true),
        refused("RTF", "{\\rtf1\\ansi hello}", "document-given", "document", false),
        refused(
            "HTML",
            "<!DOCTYPE html><title>Sign in</title>",
            "web-page-given",
            "document",
            false,
        ),
        refused(
            "openssl x509 -text",
            "Certificate:\n    Data:\n        Version: 3 (0x2)\n        Serial Number:\n            01:02\n",
            "printed-text-given",
            "printed-text",
            false,
        ),
        refused(
            "openssl pkey -text",
            "Private-Key: (256 bit)\npriv:\n    01:02:03\npub:\n    04:05\n",
            "printed-text-given",
            "private-key",
            true,
        ),
        refused(
            "xxd of text",
            "00000000: 4865 6c6c 6f20 776f 726c 6421 2048 656c  Hello world! Hel\n00000010: 6c6f 2077 6f72 6c64 2120 4865 6c6c 6f21  lo world! Hello!\n00000020: 4865 6c6c 6f20 776f 726c 6421 2048 656c  Hello world! Hel\n",
            "hex-dump-given",
            "hex-dump",
            false,
        ),
        refused("nothing", "", "empty", "empty", false),
        refused(
            "SSH public key",
            "ssh-ed25519 AAAAC3Nz me",
            "ssh-public-key-given",
            "public-key",
            false,
        ),
        refused(
            "PuTTY",
            format!("PuTTY-User-Key-File-3: ssh-rsa\n{CANARY}"),
            "putty-key-given",
            "private-key",
            true,
        ),
    ]
}

fn stand_ins() -> Vec<Case> {
    let reference = [
        "op://Finance/NetSuite/private key",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:netsuite-AbCdEf",
        "vault:secret/data/netsuite#private_key",
        "projects/123/secrets/netsuite-key/versions/latest",
        "@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/ns/)",
        "https://v.vault.azure.net/secrets/ns/0123",
        "{{resolve:secretsmanager:netsuite:SecretString:key}}",
        "NETSUITE_PRIVATE_KEY=op://Finance/NetSuite/key",
        "ref+vault://secret/netsuite#/key",
    ];
    let placeholder = [
        "${{ secrets.NETSUITE_PRIVATE_KEY }}",
        "$NETSUITE_PRIVATE_KEY",
        "${NETSUITE_PRIVATE_KEY}",
        "$(NETSUITE_PRIVATE_KEY)",
        "%NETSUITE_PRIVATE_KEY%",
        "$env:NETSUITE_PRIVATE_KEY",
        "{{ netsuite_private_key }}",
        "#{NetSuite.PrivateKey}#",
        "__NETSUITE_PRIVATE_KEY__",
        "NETSUITE_PRIVATE_KEY=\"${KEY}\"",
        "<your private key>",
    ];
    let masked = [
        "***",
        "********\n",
        "•••••••",
        "[REDACTED]",
        "<sensitive>",
        "(sensitive value)",
        "[MASKED]",
    ];
    let all = |texts: &[&'static str], finding: &'static str| {
        texts
            .iter()
            .map(|text| refused(text, *text, finding, "reference", false))
            .collect::<Vec<_>>()
    };
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1704\n";
    let mut cases = all(&reference, "reference-given");
    cases.extend(all(&placeholder, "placeholder-given"));
    cases.extend(all(&masked, "masked-given"));
    cases.push(refused("Git LFS", pointer, "git-lfs-pointer-given", "reference", false));
    cases
}

fn web_keys() -> Vec<Case> {
    let public = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AAAA\",\"y\":\"BBBB\"}";
    let private = format!(
        "{{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"BB\",\"d\":\"{CANARY}\"}}"
    );
    let set = format!("{{\"keys\":[{public}]}}");
    let private_set = format!("{{\"keys\":[{public},{private}]}}");
    let xml = "<RSAKeyValue><Modulus>AQAB</Modulus><Exponent>AQAB</Exponent></RSAKeyValue>";
    let private_xml = xml.replace("</RSA", &format!("<D>{CANARY}</D></RSA"));
    vec![
        refused("JWK, public", public, "public-key-given", "public-key", false),
        refused("JWK set, public", set, "public-key-given", "public-key", false),
        refused("JWK", private.clone(), "jwk-given", "private-key", true),
        refused("JWK set", private_set, "jwk-given", "private-key", true),
        refused("JWK, base64", STANDARD.encode(private), "jwk-given", "private-key", true),
        refused(
            "JWK, public, base64",
            STANDARD.encode(public),
            "public-key-given",
            "public-key",
            false,
        ),
        refused("XML, public", xml, "public-key-given", "public-key", false),
        refused("XML", private_xml, "xml-key-given", "private-key", true),
    ]
}
