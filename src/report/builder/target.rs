//! What was checked.

use super::Bench;
use crate::report::meta::TargetFacts;
use crate::report::v1::Target;
use crate::types::hex;

impl Bench<'_> {
    pub(super) fn target(&self, facts: &TargetFacts) -> Target {
        let mut hosts: Vec<String> = Vec::new();
        for host in &facts.hosts {
            let host = self.redactor.text(host);
            if !hosts.contains(&host) {
                hosts.push(host);
            }
        }
        let account = facts.account.as_ref();
        Target {
            account_id: account.map(|id| self.redactor.text(&id.account())),
            account_kind: account.map(|id| id.kind().as_str().to_owned()),
            hosts,
            client_id: self.redactor.optional(facts.client_id.as_deref()),
            certificate_id: self.redactor.optional(facts.certificate_id.as_deref()),
            certificate_sha256: facts.certificate_sha256.as_ref().map(|sum| hex(sum)),
            public_key: facts.public_key.clone(),
            profile: facts.profile.clone(),
            records: facts.records.iter().map(ToString::to_string).collect(),
        }
    }
}
