//! From the results of a run to the report.

mod entry;
mod overall;
mod target;

pub(crate) use entry::{FINDING, MEANING};

use super::handbook::Handbook;
use super::integrity::{IntegrityError, seal};
use super::meta::{RunMeta, without_credentials};
use super::placeholders::Values;
use super::redact::{POLICY, Redactor};
use super::v1::{
    Environment, Integrity, Redaction, Report, Run, SCHEMA_NAME, SCHEMA_VERSION, SchemaRef, Tool,
};
use crate::engine::CheckResult;
use crate::types::Service;

/// What the entries of one report are built with.
struct Bench<'a> {
    handbook: &'a Handbook,
    redactor: Redactor<'a>,
    /// Values of the whole run, already free of secrets.
    values: Values,
    /// The host of the account's user interface, where the account is known.
    app_host: Option<String>,
}

/// Builds the report of a run. Titles and guidance come from the handbook; free text passes the
/// run's scrubber.
///
/// # Errors
/// When the report cannot be brought into canonical form for its checksum: a bug.
pub fn build(
    results: &[CheckResult],
    meta: &RunMeta,
    handbook: &Handbook,
) -> Result<Report, IntegrityError> {
    let bench = bench(meta, handbook);
    let checks: Vec<_> = results
        .iter()
        .map(|result| {
            let causes = meta.causes.get(&result.key).map_or(&[][..], Vec::as_slice);
            bench.entry(result, causes)
        })
        .collect();
    let mut report = Report {
        schema: SchemaRef { name: SCHEMA_NAME.to_owned(), version: SCHEMA_VERSION },
        tool: tool(),
        run: Run {
            id: meta.id.clone(),
            started_at: meta.started_at.into(),
            finished_at: meta.finished_at.into(),
            duration_ms: millis(meta.took),
            mode: meta.mode,
        },
        environment: Environment {
            os: std::env::consts::OS.to_owned(),
            arch: std::env::consts::ARCH.to_owned(),
            proxy: meta.proxy.as_deref().map(|url| bench.redactor.text(&without_credentials(url))),
            extra_ca: meta.extra_ca,
            connect_to: bench.redactor.optional(meta.connect_to.as_deref()),
        },
        target: bench.target(&meta.target),
        summary: overall::summary(&checks, meta.exit),
        checks,
        redaction: Redaction { policy: POLICY.to_owned(), scrubbed: bench.redactor.scrubbed() },
        integrity: Integrity { sha256: String::new() },
    };
    seal(&mut report)?;
    Ok(report)
}

fn bench<'a>(meta: &'a RunMeta, handbook: &'a Handbook) -> Bench<'a> {
    let redactor = Redactor::new(&meta.scrubber);
    let mut values = Values::default();
    for (name, value) in meta.values.iter() {
        values.set(name, redactor.text(value));
    }
    let account = meta.target.account.as_ref();
    let app_host = account.map(|id| redactor.text(&id.host(Service::App)));
    if let Some(id) = &meta.target.certificate_id {
        values.set("certificate_id", redactor.text(id));
    }
    if let Some(id) = account {
        values.set("account_id", redactor.text(&id.account()));
        values.set("account_host", redactor.text(&id.host(Service::SuiteTalk)));
    }
    Bench { handbook, redactor, values, app_host }
}

fn tool() -> Tool {
    Tool {
        name: env!("CARGO_PKG_NAME").to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        git_commit: option_env!("NETSUITE_PREFLIGHT_GIT_COMMIT").map(ToOwned::to_owned),
        platform: format!("{}-{}", std::env::consts::ARCH, std::env::consts::OS),
        openssl: openssl::version::version().to_owned(),
    }
}

fn millis(duration: std::time::Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
