//! `role xml`: the role as an SDF object.

use std::path::PathBuf;

use clap::Args;

use crate::cli::error::CommandError;
use crate::cli::profiles::as_path;
use crate::commands::role::{UseArgs, guide};
use crate::credentials::replace::ReadFiles;
use crate::netsuite::role::sdf::{RoleName, ScriptId, SdfRole, is_own, xml};
use crate::terminal::output::{Destination, note};
use crate::types::ExitCode;

/// `role xml`
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct XmlArgs {
    /// Name of the role
    #[arg(long, value_name = "NAME", default_value = "NetSuite integration")]
    name: RoleName,
    /// Script ID of the role
    ///
    /// customrole_ and lower-case letters, digits, underscores.
    #[arg(long, value_name = "ID", default_value = "customrole_integration")]
    script_id: ScriptId,
    /// Make it a Web Services Only Role
    ///
    /// It cannot be used in the browser.
    #[arg(long)]
    web_services_only: bool,
    /// Write it to this file
    ///
    /// Without it the object goes to standard output.
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    pub(super) uses: UseArgs,
}

const EXAMPLES: &str = "\
Examples:
  netsuite-preflight role xml --record customer:edit --name 'Survey sync' \\
      --script-id customrole_survey_sync --output Objects/customrole_survey_sync.xml

The object holds just what `role plan` lists. Where it goes is said on standard error.";

/// Runs the command.
pub(super) fn run(args: &XmlArgs) -> Result<ExitCode, CommandError> {
    let plan = args.uses.plan()?;
    let inputs = ReadFiles::new(args.uses.profile.as_deref().and_then(as_path));
    let destination = Destination::new("--output", args.output.as_deref(), &inputs);
    destination.probe().map_err(CommandError::usage)?;
    let form = SdfRole {
        name: args.name.clone(),
        script_id: args.script_id.clone(),
        web_services_only: args.web_services_only,
    };
    let document = xml(&plan, &form).map_err(CommandError::internal)?;
    destination.write(&document).map_err(CommandError::failed)?;
    let guide = &guide::guide().xml;
    note(&guide.place.replace("{file}", &form.script_id.file_name()));
    let own: Vec<&str> = plan
        .permissions
        .iter()
        .filter(|line| is_own(&line.permission))
        .map(|line| line.permission.id.as_str())
        .collect();
    if !own.is_empty() {
        note(&guide.custom.replace("{types}", &own.join(", ")));
    }
    Ok(ExitCode::Ok)
}
