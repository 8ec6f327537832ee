//! `role plan`: the permissions by subtab and level.

use std::fmt::Write as _;

use clap::Args;
use serde::Serialize;
use strum::VariantArray as _;

use crate::cli::again::again;
use crate::cli::error::CommandError;
use crate::cli::options::PlainFormat;
use crate::commands::role::{UseArgs, guide};
use crate::credentials::identifiers::read_account_id;
use crate::netsuite::catalogue::{Category, Permission};
use crate::netsuite::role::sdf::is_own;
use crate::netsuite::role::{PlannedPermission, Reason, RolePlan, Strength};
use crate::report::Style;
use crate::report::json::render;
use crate::report::v1::Fix;
use crate::terminal::output;
use crate::terminal::output::{Destination, print};
use crate::types::{ExitCode, Level};

/// `role plan`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct PlanArgs {
    /// Account ID, for links into the account
    #[arg(long, value_name = "ID", env = "NETSUITE_ACCOUNT_ID", hide_env_values = true)]
    account_id: Option<String>,
    /// Form of the answer
    #[arg(long, value_enum, default_value_t = PlainFormat::Human, hide_short_help = true)]
    format: PlainFormat,
    #[command(flatten)]
    pub(super) uses: UseArgs,
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight role plan --record customer:edit --record salesOrder
  netsuite-preflight role plan --record customrecord_event --permission-list
  netsuite-preflight role plan --record customer --format json

Without --record it lists what every role needs to log in.";

#[derive(Serialize)]
struct Document<'a> {
    records: Vec<String>,
    permissions: Vec<Line<'a>>,
    features: Vec<Feature<'a>>,
    optional: Vec<Offer<'a>>,
    unprovable: Vec<&'a str>,
    next_steps: &'a [Fix],
}

#[derive(Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    permission: Named<'a>,
    level: Level,
    strength: Strength,
    reasons: Vec<Why<'a>>,
    caution: Option<&'a str>,
}

/// A permission in a document for programs.
#[derive(Serialize)]
pub(super) struct Named<'a> {
    id: &'a str,
    category: &'static str,
    name: &'a str,
}

impl<'a> Named<'a> {
    pub fn new(permission: &'a Permission) -> Self {
        Self { id: &permission.id, category: permission.category.as_str(), name: &permission.name }
    }
}

#[derive(Serialize)]
struct Why<'a> {
    text: &'a str,
    level: Level,
    strength: Strength,
    grade: &'static str,
    alternatives: Vec<Other<'a>>,
}

#[derive(Serialize)]
struct Other<'a> {
    #[serde(flatten)]
    permission: Named<'a>,
    level: Level,
}

#[derive(Serialize)]
struct Feature<'a> {
    name: &'a str,
    wanted_by: &'a [String],
    grade: &'static str,
}

#[derive(Serialize)]
struct Offer<'a> {
    #[serde(flatten)]
    permission: Named<'a>,
    level: Level,
    when: &'a str,
    grade: &'static str,
}

/// What stands in a command for the record types.
const BLANK: &str = "--record TYPE:LEVEL";

/// The record types of the plan as options; the blank where none was named.
fn asked(plan: &RolePlan) -> String {
    let all: Vec<String> =
        plan.requests.iter().map(|request| format!("--record {request}")).collect();
    if all.is_empty() { BLANK.to_owned() } else { all.join(" ") }
}

/// Runs the command.
pub(super) fn run(args: &PlanArgs) -> Result<ExitCode, CommandError> {
    let plan = args.uses.plan()?;
    let account = args.account_id.as_ref().filter(|text| !text.is_empty());
    let account = account
        .map(|text| read_account_id(text).map(|read| read.id))
        .transpose()
        .map_err(|error| CommandError::usage(format!("--account-id: {error}")))?;
    let guide = &guide::guide().plan;
    let mut steps = guide::filled(&guide.steps, account.as_ref());
    let target = again::<PlanArgs>("plan").target.unwrap_or_default();
    for command in steps.iter_mut().filter_map(|step| step.command.as_mut()) {
        *command = command.replace(BLANK, format!("{target} {}", asked(&plan)).trim_start());
    }
    let mut unprovable: Vec<&str> = guide.unprovable.iter().map(String::as_str).collect();
    let own = |line: &PlannedPermission| is_own(&line.permission);
    if plan.permissions.iter().any(own) {
        unprovable.push(&guide.custom.permission_list);
    }
    if plan.line("LIST_CUSTRECORDENTRY").is_some() {
        unprovable.push(&guide.custom.entries);
    }
    let style = output::style(&Destination::Stdout);
    let document = match args.format {
        PlainFormat::Json => json(&plan, unprovable, &steps)?,
        PlainFormat::Human => human(&plan, &unprovable, &steps, style),
    };
    print(&document, ExitCode::Ok)
}

fn json(
    plan: &RolePlan,
    unprovable: Vec<&str>,
    next_steps: &[Fix],
) -> Result<String, CommandError> {
    let document = Document {
        records: plan.requests.iter().map(ToString::to_string).collect(),
        permissions: plan.permissions.iter().map(line).collect(),
        features: plan
            .features
            .iter()
            .map(|feature| Feature {
                name: &feature.name,
                wanted_by: &feature.wanted_by,
                grade: feature.grade.as_str(),
            })
            .collect(),
        optional: plan
            .optional
            .iter()
            .map(|offer| Offer {
                permission: Named::new(&offer.permission),
                level: offer.level,
                when: &offer.when,
                grade: offer.grade.as_str(),
            })
            .collect(),
        unprovable,
        next_steps,
    };
    render(&document).map_err(CommandError::internal)
}

fn line(line: &PlannedPermission) -> Line<'_> {
    Line {
        permission: Named::new(&line.permission),
        level: line.level,
        strength: line.strength(),
        reasons: line.reasons.iter().map(why).collect(),
        caution: line.permission.caution.as_ref().map(|caution| caution.text.as_str()),
    }
}

fn why(reason: &Reason) -> Why<'_> {
    Why {
        text: &reason.text,
        level: reason.level,
        strength: reason.strength,
        grade: reason.grade.as_str(),
        alternatives: reason
            .alternatives
            .iter()
            .map(|(permission, level)| Other { permission: Named::new(permission), level: *level })
            .collect(),
    }
}

fn human(plan: &RolePlan, unprovable: &[&str], steps: &[Fix], style: Style) -> String {
    let mut out = String::new();
    if plan.requests.is_empty() {
        let text = "No record type was named, so these are the permissions to log in and to query \
                    alone. Name the record types with --record.";
        guide::block(&mut out, "", text, style);
    } else {
        let all: Vec<String> = plan.requests.iter().map(ToString::to_string).collect();
        guide::block(&mut out, "The role for ", &all.join(", "), style);
    }
    for category in Category::VARIANTS.iter().copied() {
        let mut lines =
            plan.permissions.iter().filter(|line| line.permission.category == category).peekable();
        if lines.peek().is_some() {
            let _ = writeln!(out, "\nPermissions > {category}");
        }
        for line in lines {
            permission(&mut out, line, style);
        }
    }
    section(&mut out, "Features that must be on (Setup > Company > Enable Features)");
    for feature in &plan.features {
        let text = format!("{}: for {}", feature.name, feature.wanted_by.join(", "));
        guide::block(&mut out, "  ", &text, style);
    }
    if !plan.optional.is_empty() {
        section(&mut out, "Left out, and needed for some uses");
        for offer in &plan.optional {
            let text = format!("{}, {}: {}", offer.permission, offer.level.label(), offer.when);
            guide::block(&mut out, "  ", &text, style);
        }
    }
    section(&mut out, "What no list of permissions shows");
    for text in unprovable {
        guide::block(&mut out, "  - ", text, style);
    }
    let _ = write!(out, "\n{}", guide::next(steps, style));
    out
}

fn section(out: &mut String, title: &str) {
    let _ = writeln!(out, "\n{title}");
}

fn permission(out: &mut String, line: &PlannedPermission, style: Style) {
    let lead = format!("  {:<7} ", line.level.label());
    let text = format!("{} ({})", line.permission.name, line.permission.id);
    guide::block(out, &lead, &text, style);
    for reason in &line.reasons {
        let advised = match reason.strength {
            Strength::Required => "",
            Strength::Advised => "advised: ",
        };
        let text = format!("{advised}{} ({})", reason.text, reason.grade.as_str());
        guide::block(out, "          - ", &text, style);
        for (other, level) in &reason.alternatives {
            let text = format!("or instead {other}, {}", level.label());
            guide::block(out, "            ", &text, style);
        }
    }
    if let Some(caution) = &line.permission.caution {
        let text = format!("{} ({})", caution.text, caution.grade.as_str());
        guide::block(out, "          ! ", &text, style);
    }
}
