//! All places where the document over all targets goes.

use std::io;
use std::path::{Path, PathBuf};

use crate::cli::options::ReportArgs;
use crate::credentials::replace::{ReadFiles, ReplaceError, Staged};
use crate::fleet::compose;
use crate::fleet::spool::Spool;
use crate::report::Format;
use crate::terminal::output;
use crate::terminal::output::{Destination, WriteError, distinct, note};
use crate::terminal::sink::Sink;

/// One place and the form it gets.
#[derive(Debug)]
struct Output {
    destination: Destination,
    format: Format,
    staged: Option<Staged>,
}

/// All places; that of `--output` is the last.
#[derive(Debug)]
pub(super) struct Outputs(Vec<Output>);

impl Outputs {
    /// Finds out before any target is checked whether every place can be written.
    pub fn new(args: &ReportArgs, files: &ReadFiles) -> Result<Self, WriteError> {
        let saved = args
            .save
            .iter()
            .map(|file| (Destination::file("--save", &file.path, files), file.format));
        let main = (Destination::new("--output", args.output.as_deref(), files), args.format);
        let all: Vec<_> = saved.chain([main]).collect();
        distinct(all.iter().map(|(destination, _)| destination))?;
        let output = |(destination, format): (Destination, Format)| {
            let staged = destination.stage()?;
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

    /// Writes the document to all of them, and says which of them failed. What was to go to a file
    /// and cannot is printed, so that no verdict is lost. Gives whether every place was written.
    pub fn deliver(self, spool: &mut Spool) -> bool {
        let mut all_written = true;
        let last = self.0.len();
        for (at, output) in self.0.into_iter().enumerate() {
            let (format, to_file) = (output.format, output.staged.is_some());
            let Err(error) = output.write(spool) else { continue };
            all_written = false;
            note(&error.to_string());
            if to_file && at + 1 == last {
                note("the reports follow on standard output instead");
                if let Err(error) = print(format, spool) {
                    note(&error.to_string());
                }
            }
        }
        all_written
    }
}

impl Output {
    fn write(self, spool: &mut Spool) -> Result<(), WriteError> {
        let Self { destination, format, staged } = self;
        let (Some(staged), Destination::File { flag, path, .. }) = (staged, &destination) else {
            return print(format, spool);
        };
        let written = fill(staged, format, &destination, spool);
        written.map_err(|source| WriteError::new(path, source, flag))
    }
}

fn fill(
    mut staged: Staged,
    format: Format,
    destination: &Destination,
    spool: &mut Spool,
) -> Result<(), ReplaceError> {
    let mut out = Sink::new(io::BufWriter::new(&mut staged), destination.filter());
    compose::write(&mut out, format, output::style(destination), spool)?;
    out.finish()?;
    staged.commit()
}

fn print(format: Format, spool: &mut Spool) -> Result<(), WriteError> {
    let stdout = io::BufWriter::new(anstream::stdout().lock());
    let mut out = Sink::new(stdout, Destination::Stdout.filter());
    let style = output::style(&Destination::Stdout);
    match compose::write(&mut out, format, style, spool).and_then(|()| out.finish()) {
        // A reader that went away is no error.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(WriteError::Stdout(error)),
        _ => Ok(()),
    }
}
