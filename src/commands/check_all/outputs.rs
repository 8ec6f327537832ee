//! All places where the document over all targets goes.

use std::io;
use std::path::{Path, PathBuf};

use super::compose;
use super::spool::Spool;
use crate::commands::options::ReportArgs;
use crate::commands::output::{Destination, WriteError, distinct};
use crate::commands::sink::Sink;
use crate::commands::terminal;
use crate::config::replace::Staged;
use crate::report::Format;

/// One place and the form it gets.
#[derive(Debug)]
struct Output {
    destination: Destination,
    format: Format,
    staged: Option<Staged>,
}

/// All places; that of `--output` is the last, so that standard output stays empty with a failure
/// elsewhere.
#[derive(Debug)]
pub(super) struct Outputs(Vec<Output>);

impl Outputs {
    /// Finds out before any target is checked whether every place can be written.
    pub fn new(args: &ReportArgs, inputs: &[&Path]) -> Result<Self, WriteError> {
        let saved = args.save.iter().map(|file| {
            (Destination::File { flag: "--save", path: file.path.clone() }, file.format)
        });
        let main = (Destination::new("--output", args.output.as_deref()), args.format);
        let all: Vec<_> = saved.chain([main]).collect();
        distinct(all.iter().map(|(destination, _)| destination))?;
        let output = |(destination, format): (Destination, Format)| {
            destination.probe(inputs)?;
            let staged = match &destination {
                Destination::Stdout => None,
                Destination::File { flag, path } => {
                    let refused = |source| WriteError::new(path, source, flag);
                    Some(Staged::new(path).map_err(refused)?)
                }
            };
            Ok(Output { destination, format, staged })
        };
        all.into_iter().map(output).collect::<Result<_, _>>().map(Self)
    }

    /// The folder of the first file among them.
    pub fn folder(&self) -> Option<PathBuf> {
        self.0.iter().find_map(|output| match &output.destination {
            Destination::Stdout => None,
            Destination::File { path, .. } => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
                Some(folder.unwrap_or(Path::new(".")).to_owned())
            }
        })
    }

    /// Writes the document to all of them.
    pub fn deliver(self, spool: &mut Spool) -> io::Result<()> {
        self.0.into_iter().try_for_each(|output| output.write(spool))
    }
}

impl Output {
    fn write(self, spool: &mut Spool) -> io::Result<()> {
        let Self { destination, format, staged } = self;
        let style = terminal::style(&destination);
        if let Some(mut staged) = staged {
            let mut out = Sink::new(io::BufWriter::new(&mut staged), destination.filter());
            compose::write(&mut out, format, style, spool)?;
            out.finish()?;
            return staged.commit();
        }
        let stdout = io::BufWriter::new(anstream::stdout().lock());
        let mut out = Sink::new(stdout, destination.filter());
        match compose::write(&mut out, format, style, spool).and_then(|()| out.finish()) {
            // A reader that went away is no error.
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
            _ => Ok(()),
        }
    }
}
