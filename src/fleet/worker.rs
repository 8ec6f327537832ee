//! One target from its name to what is told of it.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::cli::check::CheckArgs;
use crate::cli::configured::Invocation;
use crate::cli::error::CommandError;
use crate::cli::target::ProcessEnvironment;
use crate::config::ConfigFile;
use crate::fleet::folder::Folder;
use crate::netsuite::http::Trust;
use crate::netsuite::http::budget::Budget;
use crate::preflight::session::{Preflight, order};
use crate::report::set::SetVerdict;
use crate::report::set::listed::Digest;
use crate::report::{Report, json};
use crate::types::shown::message;
use crate::types::{Clock, ExitCode, Scrubber};

/// What a target came to.
#[derive(Debug)]
pub(super) struct TargetOutcome {
    pub verdict: SetVerdict,
    pub exit: ExitCode,
    pub run_id: Option<String>,
    pub error: Option<String>,
    /// What its report says in short.
    pub digest: Option<Digest>,
    /// The report as one line of JSON; empty where there is none.
    pub document: String,
}

impl TargetOutcome {
    /// A target that could not be checked.
    fn failed(error: &str) -> Self {
        Self {
            verdict: SetVerdict::Error,
            exit: ExitCode::Usage,
            run_id: None,
            // What was given may be a key where something else belongs.
            error: Some(message(error)),
            digest: None,
            document: String::new(),
        }
    }

    /// What is left to say where the report of a target that was checked cannot be kept.
    pub fn without_report(self, why: &io::Error) -> Self {
        let told = self.error.map(|error| format!("; {error}")).unwrap_or_default();
        let code = self.exit.code();
        let error = format!(
            "it was checked (exit code {code}), and its report cannot be kept: {why}; make room \
             and check it again{told}"
        );
        Self {
            verdict: SetVerdict::Error,
            exit: ExitCode::Failed,
            run_id: None,
            error: Some(error),
            digest: None,
            document: String::new(),
        }
    }
}

/// What all targets share.
pub(super) struct Job<'a> {
    pub file: &'a ConfigFile,
    pub invocation: &'a Invocation,
    pub folder: Option<&'a Folder>,
    /// The system's CA certificates are read for the first target only.
    pub trust: Trust,
}

impl Job<'_> {
    /// Checks one target, whatever comes of it.
    pub fn check(&self, name: &str, budget: Option<Budget>) -> TargetOutcome {
        let mut outcome = guarded(|| self.attempt(name, budget));
        if let (Some(folder), None) = (self.folder, &outcome.run_id)
            && let Err(error) = folder.forget(name)
        {
            let told = outcome.error.unwrap_or_default();
            outcome.error = Some(format!("{told} (its earlier report cannot be removed: {error})"));
        }
        outcome
    }

    fn attempt(&self, name: &str, budget: Option<Budget>) -> Result<TargetOutcome, CommandError> {
        let target = self.file.target(name).map_err(CommandError::usage)?;
        let args = self.invocation.for_target(&target).map_err(CommandError::usage)?;
        let report = run(&args, name, &self.trust, budget)?;
        let mut outcome = TargetOutcome {
            verdict: SetVerdict::of(&report),
            exit: ExitCode::from_number(report.summary.exit_code).unwrap_or(ExitCode::Internal),
            run_id: Some(report.run.id.clone()),
            error: None,
            digest: Some(Digest::of(&report)),
            document: serde_json::to_string(&report).map_err(CommandError::internal)?,
        };
        if let Some(folder) = self.folder {
            let text = json::render(&report).map_err(CommandError::internal)?;
            let written = folder.write(name, &text);
            if let Err(error) = written {
                outcome.error = Some(format!("its report cannot be saved: {error}"));
                outcome.exit = outcome.exit.worst(ExitCode::Failed);
            }
        }
        Ok(outcome)
    }
}

/// An error, and even a bug, becomes the entry of its target.
fn guarded(attempt: impl FnOnce() -> Result<TargetOutcome, CommandError>) -> TargetOutcome {
    match catch_unwind(AssertUnwindSafe(attempt)) {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(error)) => TargetOutcome::failed(&error.to_string()),
        Err(_) => {
            TargetOutcome::failed("internal error, no report could be made; please report it")
        }
    }
}

fn run(
    args: &CheckArgs,
    name: &str,
    trust: &Trust,
    budget: Option<Budget>,
) -> Result<Report, CommandError> {
    let mut order = order(args, &ProcessEnvironment, false, &mut None)?;
    order.http.trust = trust.clone();
    order.http.budget = budget;
    order.inputs.target = Some(name.to_owned());
    let session = Preflight::new(order, Clock::system(), Scrubber::default());
    let session = session.map_err(CommandError::usage)?;
    let runtime = crate::preflight::runtime()?;
    let finished = runtime.block_on(session.run(&()));
    // A name lookup that hangs is not worth waiting for once everything is decided.
    runtime.shutdown_background();
    finished?.report()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bug_is_an_entry_of_its_target() {
        let outcome = guarded(|| panic!("secret"));
        let error = outcome.error.unwrap();
        assert!(error.contains("internal error") && !error.contains("secret"), "{error}");
        assert_eq!((outcome.exit, outcome.verdict), (ExitCode::Usage, SetVerdict::Error));
        let outcome = guarded(|| Err(CommandError::usage("-----BEGIN PRIVATE KEY----- abc")));
        assert!(!outcome.error.unwrap().contains("abc"));
    }
}
