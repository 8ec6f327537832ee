//! What is opened, because what is inside is certain.

use super::*;

pub(super) fn cases() -> Vec<Case> {
    let key = text("ec-p256.pem");
    let certificate = text("ec-p256.certificate.pem");
    let bundle = fixture("ec-p256-no-passphrase.p12");
    let der = PKey::private_key_from_pem(key.as_bytes()).unwrap().private_key_to_pkcs8().unwrap();
    let encoded = STANDARD.encode(&key);
    let folded: String = encoded
        .as_bytes()
        .chunks(60)
        .map(|line| format!("    {}\n", std::str::from_utf8(line).unwrap()))
        .collect();
    let hex: String = der.iter().map(|byte| format!("{byte:02x}")).collect();
    let dump: String = der
        .chunks(16)
        .enumerate()
        .map(|(row, bytes)| {
            let pairs: Vec<String> = bytes
                .chunks(2)
                .map(|pair| pair.iter().map(|byte| format!("{byte:02x}")).collect())
                .collect();
            format!("{:08x}: {:<39}  ................\n", row * 16, pairs.join(" "))
        })
        .collect();
    let as_text: String = der.iter().map(|byte| char::from(*byte)).collect();
    let secret = format!(
        "apiVersion: v1\nkind: Secret\nmetadata:\n  name: ns\ndata:\n  key.pem: {encoded}\n"
    );
    let tls = format!(
        "kind: Secret\ndata:\n  tls.crt: {}\n  tls.key: {encoded}\n",
        STANDARD.encode(&certificate)
    );
    let json =
        |member: &str| format!("{{\"kind\": \"Secret\", \"data\": {{\"k\": \"{member}\"}}}}");
    let azure = format!(
        "{{\"contentType\": \"application/x-pkcs12\", \"value\": \"{}\"}}",
        STANDARD.encode(&bundle)
    );
    let key_alone = |name, bytes: String, finding| Case {
        name,
        bytes: bytes.into_bytes(),
        as_key: (Status::Warn, finding),
        as_certificate: (Status::Fail, "private-key"),
        guarded: true,
    };
    let bundled = |name, bytes: String, finding| Case {
        name,
        bytes: bytes.into_bytes(),
        as_key: (Status::Warn, finding),
        as_certificate: (Status::Warn, "repaired"),
        guarded: true,
    };
    vec![
        key_alone("Kubernetes Secret", secret, "kubernetes-secret"),
        key_alone("Kubernetes Secret, JSON", json(&encoded), "kubernetes-secret"),
        key_alone(
            "Kubernetes Secret, folded",
            format!("kind: Secret\ndata:\n  key.pem: |\n{folded}"),
            "kubernetes-secret",
        ),
        Case {
            name: "Kubernetes Secret with both",
            bytes: tls.into_bytes(),
            as_key: (Status::Warn, "kubernetes-secret"),
            as_certificate: (Status::Fail, "key-inside"),
            guarded: true,
        },
        key_alone("NAME=", format!("NETSUITE_PRIVATE_KEY={encoded}\n"), "after-name"),
        key_alone("export NAME=", format!("export KEY=\"{encoded}\"\nOTHER=1\n"), "after-name"),
        bundled("NAME= of a bundle", format!("PFX={}\n", STANDARD.encode(&bundle)), "after-name"),
        bundled("az keyvault secret show", azure, "inside-json"),
        key_alone("JSON", format!("{{\"a\": [\"{encoded}\"]}}"), "inside-json"),
        key_alone("hexadecimal", hex.clone(), "hexadecimal"),
        key_alone("hexadecimal, 0x", format!("0x{hex}"), "hexadecimal"),
        key_alone("xxd", dump, "hexadecimal"),
        key_alone("DER as characters", as_text, "binary-as-text"),
    ]
}
