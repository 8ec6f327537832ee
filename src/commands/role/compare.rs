//! `role compare`: an exported role against the plan.

use std::fmt::Write as _;
use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use crate::cli::error::CommandError;
use crate::cli::options::PlainFormat;
use crate::commands::role::plan::Named;
use crate::commands::role::{UseArgs, guide};
use crate::credentials::input::read_file;
use crate::netsuite::catalogue::{Permission, catalogue};
use crate::netsuite::role::{
    Extra, Judged, PermissionState, RoleComparison, RoleDefinition, Strength, UnreadableRole, read,
};
use crate::report::Style;
use crate::report::json::render;
use crate::terminal::output;
use crate::terminal::output::{Destination, print};
use crate::types::{ExitCode, Level, SecretKind};

/// `role compare`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct CompareArgs {
    /// The exported role: an SDF object (XML)
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = PlainFormat::Human, hide_short_help = true)]
    format: PlainFormat,
    #[command(flatten)]
    pub(super) uses: UseArgs,
}

const EXAMPLES: &str = "\
Examples:
  suitecloud object:import --type role --scriptid customrole_survey_sync \\
      --destinationfolder /Objects
  netsuite-preflight role compare src/Objects/customrole_survey_sync.xml \\
      --record customer:edit --record salesOrder

Exit codes: 0 nothing that is required is missing or too low, 1 something is or
the file is no role, 2 wrong usage.";

#[derive(Serialize)]
struct Document<'a> {
    role: Role<'a>,
    serves: bool,
    permissions: Vec<Line<'a>>,
    extra: Vec<Beyond<'a>>,
    restrictions: &'a [String],
    doubled: &'a [String],
}

#[derive(Serialize)]
struct Role<'a> {
    script_id: &'a str,
    name: &'a str,
    inactive: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    permission: Named<'a>,
    state: &'static str,
    planned: Level,
    held: Option<Level>,
    instead: Option<Named<'a>>,
    strength: Strength,
    reasons: Vec<&'a str>,
}

#[derive(Serialize)]
struct Beyond<'a> {
    id: &'a str,
    name: Option<&'a str>,
    held: Level,
    planned: Option<Level>,
    grade: &'static str,
}

/// Runs the command.
pub(super) fn run(args: &CompareArgs) -> Result<ExitCode, CommandError> {
    let plan = args.uses.plan()?;
    // No secret, but the one bounded reader for files serves it too.
    let file = read_file(&args.file, "FILE", SecretKind::PrivateKey);
    let file = file.map_err(CommandError::usage)?;
    let role =
        if file.too_large { Err(UnreadableRole::TooLarge) } else { read(file.bytes.expose()) };
    let role = role.map_err(CommandError::failed)?;
    let comparison = RoleComparison::new(&plan, &role, catalogue());
    let document = match args.format {
        PlainFormat::Json => json(&role, &comparison)?,
        PlainFormat::Human => human(&role, &comparison, output::style(&Destination::Stdout)),
    };
    print(&document, if comparison.serves() { ExitCode::Ok } else { ExitCode::Failed })
}

fn json(role: &RoleDefinition, comparison: &RoleComparison<'_>) -> Result<String, CommandError> {
    let document = Document {
        role: Role { script_id: &role.script_id, name: &role.name, inactive: role.inactive },
        serves: comparison.serves(),
        permissions: comparison.lines.iter().map(line).collect(),
        extra: comparison.extra.iter().map(beyond).collect(),
        restrictions: &comparison.restrictions,
        doubled: &comparison.doubled,
    };
    render(&document).map_err(CommandError::internal)
}

fn line<'a>(judged: &'a Judged<'_>) -> Line<'a> {
    let (held, instead): (Option<Level>, Option<&Permission>) = match &judged.state {
        PermissionState::Held(level) | PermissionState::TooLow(level) => (Some(*level), None),
        PermissionState::Instead(permission, level) => (Some(*level), Some(permission)),
        PermissionState::Missing | PermissionState::Twin => (None, None),
    };
    Line {
        permission: Named::new(&judged.line.permission),
        state: judged.state.as_str(),
        planned: judged.line.level,
        held,
        instead: instead.map(Named::new),
        strength: judged.strength,
        reasons: judged.line.reasons.iter().map(|reason| reason.text.as_str()).collect(),
    }
}

fn beyond(extra: &Extra) -> Beyond<'_> {
    Beyond {
        id: &extra.id,
        name: extra.name.as_deref(),
        held: extra.level,
        planned: extra.planned,
        grade: extra.danger.as_str(),
    }
}

fn human(role: &RoleDefinition, comparison: &RoleComparison<'_>, style: Style) -> String {
    let mut out = String::new();
    let safe = |text: &str| crate::report::text::neutral(text).into_owned();
    let title = format!("{} ({})", safe(&role.name), safe(&role.script_id));
    guide::block(&mut out, "Role ", &title, style);
    out.push('\n');
    if comparison.inactive {
        guide::block(&mut out, "missing   ", "the role is inactive, so nobody can use it", style);
    }
    for judged in &comparison.lines {
        let (word, text) = words(judged);
        guide::block(&mut out, &format!("{word:<9} "), &text, style);
    }
    let unsure = comparison.restrictions.iter().map(|text| format!("restriction {text}"));
    let doubled = comparison
        .doubled
        .iter()
        .map(|key| format!("{key} stands more than once; the lower level was taken"));
    for text in unsure.chain(doubled) {
        guide::block(&mut out, "unsure    ", &safe(&text), style);
    }
    for extra in &comparison.extra {
        let name = extra.name.as_ref().map(|name| format!("{name} ")).unwrap_or_default();
        let planned = match extra.planned {
            Some(level) => format!("planned is {}", level.label()),
            None => "not in the plan".to_owned(),
        };
        let text = format!(
            "{}: {name}({}) at {}, {planned}",
            extra.danger.as_str(),
            extra.id,
            extra.level.label()
        );
        guide::block(&mut out, "extra     ", &safe(&text), style);
    }
    let broken = comparison.broken().count() + usize::from(comparison.inactive);
    let _ = match broken {
        0 => writeln!(out, "\nEverything that is required is there."),
        1 => writeln!(out, "\nFAILED: 1 thing that is required is missing or too low."),
        many => writeln!(out, "\nFAILED: {many} things that are required are missing or too low."),
    };
    out
}

fn words(judged: &Judged<'_>) -> (&'static str, String) {
    let wanted = judged.line.level.label();
    let line = &judged.line.permission;
    let advised = match judged.strength {
        Strength::Advised if !judged.state.serves() => "; advised, not required",
        _ => "",
    };
    match &judged.state {
        PermissionState::Held(level) => ("present", format!("{line}, {}", level.label())),
        PermissionState::Instead(other, level) => {
            ("present", format!("{other}, {}, in place of {line}", level.label()))
        }
        PermissionState::TooLow(level) => {
            ("too low", format!("{line}: {} where {wanted} is needed{advised}", level.label()))
        }
        PermissionState::Missing => ("missing", format!("{line}, {wanted}{advised}")),
        PermissionState::Twin => (
            "missing",
            format!(
                "{line}, {wanted}: the role has Log in using Access Tokens instead, which belongs \
                 to token-based authentication and does not serve"
            ),
        ),
    }
}
