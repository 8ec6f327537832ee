//! `list`: the catalogues.

mod table;

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::checks;
use crate::cli::error::CommandError;
use crate::cli::options::PlainFormat;
use crate::cli::profiles::{self, ProfileRow};
use crate::diagnosis;
use crate::emulator::scenario::{self, Scenario};
use crate::netsuite::catalogue::catalogue as record_catalogue;
use crate::report::{handbook, json};
use crate::terminal::output::{Destination, note, print, style};
use crate::types::ExitCode;
use crate::types::source::readable;

/// `list`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ListArgs {
    /// Which catalogue
    #[arg(value_enum)]
    what: Catalogue,
    /// Show only what has each of these words in it, in any case: sales, expired, sandbox
    #[arg(value_name = "WORD")]
    words: Vec<String>,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = PlainFormat::Human)]
    format: PlainFormat,
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight list checks
  netsuite-preflight list records sales
  netsuite-preflight list causes expired
  netsuite-preflight list records --format json

On a terminal the list fits its width. Elsewhere each entry is one line.";

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
    let document = match args.what {
        Catalogue::Checks => show(checks(), args),
        Catalogue::Causes => show(causes(), args),
        Catalogue::Records => show(records(), args),
        Catalogue::Profiles => show(profiles::rows(), args),
        Catalogue::Scenarios => show(scenarios()?, args),
    };
    print(&document?, ExitCode::Ok)
}

/// What stands in a catalogue.
trait Row: Serialize {
    /// The headings of the columns.
    const HEADERS: &'static [&'static str];

    /// What stands under each.
    fn cells(&self) -> Vec<String>;

    /// What is searched besides.
    fn more(&self) -> String {
        String::new()
    }
}

fn show<R: Row>(mut rows: Vec<R>, args: &ListArgs) -> Result<String, CommandError> {
    let words: Vec<String> = args.words.iter().map(|word| word.to_lowercase()).collect();
    rows.retain(|row| {
        let text = format!("{} {}", row.cells().join(" "), row.more()).to_lowercase();
        words.iter().all(|word| text.contains(word))
    });
    if args.format == PlainFormat::Json {
        return json::render(&rows).map_err(CommandError::internal);
    }
    if rows.is_empty() {
        note("nothing here has these words in it; without words the whole list is shown");
        return Ok(String::new());
    }
    let cells: Vec<_> = rows.iter().map(Row::cells).collect();
    let destination = Destination::Stdout;
    let width = destination.is_terminal().then(|| style(&destination).columns());
    Ok(table::lay_out(R::HEADERS, &cells, width))
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

impl Row for CheckRow {
    const HEADERS: &'static [&'static str] = &["CHECK", "PHASE", "WHAT IS RIGHT WHEN IT PASSES"];

    fn cells(&self) -> Vec<String> {
        vec![self.id.to_owned(), self.phase.to_owned(), self.title.clone()]
    }
}

#[derive(Serialize)]
struct CauseRow {
    id: &'static str,
    title: &'static str,
    checks: Vec<&'static str>,
    audit_details: &'static [String],
    grade: &'static str,
    source: String,
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
            source: readable(&cause.source),
            date: &cause.date,
        }
    });
    rows.collect()
}

impl Row for CauseRow {
    const HEADERS: &'static [&'static str] = &["CAUSE", "WHAT IS WRONG"];

    fn cells(&self) -> Vec<String> {
        vec![self.id.to_owned(), self.title.to_owned()]
    }

    fn more(&self) -> String {
        format!("{} {}", self.checks.join(" "), self.audit_details.join(" "))
    }
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

impl Row for RecordRow {
    const HEADERS: &'static [&'static str] = &["RECORD TYPE", "LEVEL", "PERMISSION"];

    fn cells(&self) -> Vec<String> {
        let feature = self.feature.as_ref().map(|name| format!("; feature {name}"));
        let permission = format!(
            "{} > {} ({}), {}{}",
            self.category,
            self.permission,
            self.permission_id,
            self.grade,
            feature.unwrap_or_default()
        );
        vec![self.record.clone(), self.lowest_level.to_owned(), permission]
    }
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

impl Row for ScenarioRow {
    const HEADERS: &'static [&'static str] = &["SCENARIO", "WHAT IT SHOWS"];

    fn cells(&self) -> Vec<String> {
        vec![self.name.clone(), self.title.clone()]
    }
}

impl Row for ProfileRow {
    const HEADERS: &'static [&'static str] = &["PROFILE", "INTEGRATION", "KEYS IT TAKES"];

    fn cells(&self) -> Vec<String> {
        self.cells().into()
    }
}
