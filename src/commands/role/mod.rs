//! `role`: what the integration's role needs, as a list, as an SDF object, and against an export.

mod compare;
pub(crate) mod guide;
mod plan;
mod xml;

use clap::{Args, Subcommand};

use crate::cli::configured::{TargetFileArgs, configured};
use crate::cli::error::CommandError;
use crate::cli::profiles;
use crate::netsuite::catalogue::catalogue;
use crate::netsuite::role::{RolePlan, Route};
use crate::types::ExitCode;

/// `role`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, arg_required_else_help = true)]
pub struct RoleArgs {
    #[command(subcommand)]
    what: What,
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight role plan --record customer --record salesOrder:edit
  netsuite-preflight role xml --profile alchemer --output customrole_survey.xml
  netsuite-preflight role compare customrole_survey.xml --record customer";

#[derive(Debug, Subcommand)]
enum What {
    /// List the permissions the role needs, by subtab and level
    Plan(plan::PlanArgs),
    /// Write the role as an SDF object, for a SuiteCloud project
    Xml(xml::XmlArgs),
    /// Compare an exported role (SDF XML) with what it needs
    Compare(compare::CompareArgs),
}

/// What the role is for.
#[derive(Debug, Args)]
struct UseArgs {
    /// Record type and level: customer, salesOrder:edit
    ///
    /// What the integration uses; can be given several times.
    #[arg(long = "record", value_name = "TYPE[:LEVEL]")]
    records: Vec<String>,
    /// Integration that uses it, such as alchemer
    ///
    /// Its permissions are added, and its records are taken where no --record is given. A name of
    /// `list profiles`, or the path of a TOML file.
    #[arg(long, value_name = "NAME|FILE")]
    profile: Option<String>,
    /// Give custom record types lines of their own, for Access Type Use Permission List
    #[arg(long, hide_short_help = true)]
    permission_list: bool,
    /// Which target of the configuration file says what the role is for.
    #[command(flatten)]
    file: TargetFileArgs,
}

impl UseArgs {
    fn plan(&self) -> Result<RolePlan, CommandError> {
        let catalogue = catalogue();
        let mut requests = self
            .records
            .iter()
            .map(|text| catalogue.resolve_request(text, false))
            .collect::<Result<Vec<_>, _>>()
            .map_err(CommandError::usage)?;
        let chosen = self.profile.as_ref().map(|name| profiles::choose(name, false)).transpose()?;
        let profile = chosen.map(profiles::Chosen::into_profile);
        if let Some(profile) = profile.as_ref().filter(|_| requests.is_empty()) {
            requests = profile.record_requests();
        }
        let route = if self.permission_list { Route::PermissionList } else { Route::Entries };
        let plan = RolePlan::new(&requests, route, catalogue);
        Ok(match &profile {
            Some(profile) => plan.asked_by(profile),
            None => plan,
        })
    }
}

/// Runs the command.
///
/// # Errors
/// When what was given cannot be used, or a document cannot be written.
pub fn run(args: &RoleArgs) -> Result<ExitCode, CommandError> {
    match &args.what {
        What::Plan(args) => {
            plan::run(configured(&args.uses.file, "plan")?.as_ref().unwrap_or(args))
        }
        What::Xml(args) => xml::run(configured(&args.uses.file, "xml")?.as_ref().unwrap_or(args)),
        What::Compare(args) => {
            compare::run(configured(&args.uses.file, "compare")?.as_ref().unwrap_or(args))
        }
    }
}
