//! `list`: the catalogues.

use std::fmt::Write as _;

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::checks;
use crate::cli::error::CommandError;
use crate::cli::options::PlainFormat;
use crate::cli::profiles;
use crate::diagnosis;
use crate::emulator::scenario::{self, Scenario};
use crate::netsuite::catalogue::catalogue as record_catalogue;
use crate::report::{handbook, json};
use crate::terminal::output::print;
use crate::types::ExitCode;

/// `list`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ListArgs {
    /// Which catalogue
    #[arg(value_enum)]
    what: Catalogue,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = PlainFormat::Human)]
    format: PlainFormat,
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight list checks
  netsuite-preflight list records --format json
  netsuite-preflight list scenarios";

/// The catalogues there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Catalogue {
    /// What `check` checks
    Checks,
    /// What can be behind a failure
    Causes,
    /// Record types with the permission each needs
    Records,
    /// Integrations whose needs are known, for `check --profile`
    Profiles,
    /// Set-ups that `demo --scenario` and `emulate --scenario` can show
    Scenarios,
}

#[derive(Serialize)]
struct CheckRow {
    id: &'static str,
    phase: &'static str,
    title: String,
    needs: Vec<&'static str>,
}

#[derive(Serialize)]
struct RecordRow {
    record: String,
    category: &'static str,
    permission: String,
    permission_id: String,
    lowest_level: &'static str,
    feature: Option<String>,
    grade: &'static str,
}

/// Runs the command.
///
/// # Errors
/// When the list cannot be written.
pub fn run(args: &ListArgs) -> Result<ExitCode, CommandError> {
    let format = args.format;
    let document = match args.what {
        Catalogue::Checks => show(&checks(), format, check_line),
        Catalogue::Causes => show(&causes(), format, cause_line),
        Catalogue::Records => show(&records(), format, record_line),
        Catalogue::Profiles => show(&profiles::rows(), format, profiles::line),
        Catalogue::Scenarios => show(&scenarios()?, format, scenario_line),
    };
    print(&document?, ExitCode::Ok)
}

fn show<T: Serialize>(
    rows: &[T],
    format: PlainFormat,
    line: fn(&T, &mut String) -> std::fmt::Result,
) -> Result<String, CommandError> {
    if format == PlainFormat::Json {
        return json::render(rows).map_err(CommandError::internal);
    }
    let mut out = String::new();
    for row in rows {
        line(row, &mut out).map_err(CommandError::internal)?;
    }
    Ok(out)
}

fn checks() -> Vec<CheckRow> {
    let row = |spec: &&checks::spec::Spec| CheckRow {
        id: spec.id.as_str(),
        phase: spec.phase.as_str(),
        title: handbook().card(spec.id.as_str()).map(|card| card.title.clone()).unwrap_or_default(),
        needs: spec.needs.iter().map(|id| id.as_str()).collect(),
    };
    checks::ALL.iter().map(row).collect()
}

fn check_line(row: &CheckRow, out: &mut String) -> std::fmt::Result {
    writeln!(out, "{:<24} {:<12} {}", row.id, row.phase, row.title)
}

#[derive(Serialize)]
struct CauseRow {
    id: &'static str,
    title: &'static str,
    checks: Vec<&'static str>,
    audit_details: &'static [String],
    grade: &'static str,
    source: &'static str,
    date: &'static str,
}

fn causes() -> Vec<CauseRow> {
    let rows = diagnosis::causes().all().iter().map(|cause| {
        let mut checks: Vec<&str> = cause.behind.iter().map(|b| b.check.as_str()).collect();
        checks.dedup();
        CauseRow {
            id: &cause.id,
            title: &cause.title,
            checks,
            audit_details: &cause.audit,
            grade: cause.grade.as_str(),
            source: &cause.source,
            date: &cause.date,
        }
    });
    rows.collect()
}

fn cause_line(row: &CauseRow, out: &mut String) -> std::fmt::Result {
    writeln!(out, "{:<35} {}", row.id, row.title)
}

fn records() -> Vec<RecordRow> {
    let rows = record_catalogue().all().iter().map(|entry| RecordRow {
        record: entry.name.clone(),
        category: entry.permission.category.as_str(),
        permission: entry.permission.name.clone(),
        permission_id: entry.permission.id.clone(),
        lowest_level: entry.min_level.label(),
        feature: entry.feature.as_ref().map(|feature| feature.name.clone()),
        grade: entry.grade.as_str(),
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(|row| row.record.to_ascii_lowercase());
    rows
}

fn record_line(row: &RecordRow, out: &mut String) -> std::fmt::Result {
    writeln!(
        out,
        "{:<30} {} > {} ({}), {} or higher; {}{}",
        row.record,
        row.category,
        row.permission,
        row.permission_id,
        row.lowest_level,
        row.grade,
        row.feature.as_ref().map(|name| format!("; feature {name}")).unwrap_or_default(),
    )
}

#[derive(Serialize)]
struct ScenarioRow {
    name: String,
    title: String,
    story: String,
    exit_code: u8,
}

fn scenarios() -> Result<Vec<ScenarioRow>, CommandError> {
    let row = |scenario: Scenario| ScenarioRow {
        name: scenario.name,
        title: scenario.title,
        story: scenario.story.split_whitespace().collect::<Vec<_>>().join(" "),
        exit_code: scenario.expect.exit_code,
    };
    let all = scenario::all().map_err(CommandError::internal)?;
    Ok(all.into_iter().map(row).collect())
}

fn scenario_line(row: &ScenarioRow, out: &mut String) -> std::fmt::Result {
    writeln!(out, "{:<48} {}", row.name, row.title)
}
