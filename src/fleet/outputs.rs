//! All places where the document over all targets goes.

use std::io;
use std::path::{Path, PathBuf};

use crate::cli::again::{Again, again};
use crate::cli::check::CheckArgs;
use crate::cli::options::{ReportArgs, SaveFile};
use crate::credentials::replace::{ReadFiles, ReplaceError, Staged};
use crate::report::set::{Many, compose};
use crate::report::{Extent, Format, Reader};
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
pub struct Outputs {
    places: Vec<Output>,
    extent: Extent,
    /// The command that checks one of the targets again, without its name.
    again: Again,
}

impl Outputs {
    /// Finds out before any target is checked whether every place can be written.
    pub(super) fn new(args: &ReportArgs, files: &ReadFiles) -> Result<Self, WriteError> {
        let made = Self::of(args.output.as_deref(), args.format, &args.save, files)?;
        Ok(Self { extent: args.extent(), again: again::<CheckArgs>("check"), ..made })
    }

    /// The same for a set that was read. The command that made it is not known.
    ///
    /// # Errors
    /// Names the first place that cannot be written.
    pub fn of(
        output: Option<&Path>,
        format: Format,
        save: &[SaveFile],
        files: &ReadFiles,
    ) -> Result<Self, WriteError> {
        let saved =
            save.iter().map(|file| (Destination::file("--save", &file.path, files), file.format));
        let main = (Destination::new("--output", output, files), format);
        let all: Vec<_> = saved.chain([main]).collect();
        distinct(all.iter().map(|(destination, _)| destination))?;
        let output = |(destination, format): (Destination, Format)| {
            let staged = destination.stage()?;
            Ok(Output { destination, format, staged })
        };
        let places = all.into_iter().map(output).collect::<Result<_, _>>()?;
        Ok(Self { places, extent: Extent::default(), again: Again::default() })
    }

    /// The same, with as much of the reports as a person asked for.
    #[must_use]
    pub fn extent(mut self, extent: Extent) -> Self {
        self.extent = extent;
        self
    }

    /// The folder of the first file among them.
    pub(super) fn folder(&self) -> Option<PathBuf> {
        self.places.iter().find_map(|output| match &output.destination {
            Destination::Stdout => None,
            Destination::File { path, .. } => {
                let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
                Some(folder.unwrap_or(Path::new(".")).to_owned())
            }
        })
    }

    /// Writes the document to all of them, and says which of them failed. What was to go to a file
    /// and cannot is printed, so that no verdict is lost. Gives whether every place was written.
    #[must_use]
    pub fn deliver(self, many: &mut dyn Many) -> bool {
        let mut all_written = true;
        let Self { places, extent, again } = self;
        let last = places.len();
        for (at, output) in places.into_iter().enumerate() {
            let (format, to_file) = (output.format, output.staged.is_some());
            // What is kept has everything.
            let extent = if at + 1 == last { extent } else { Extent::Details };
            let style = output::style(&output.destination);
            let reader =
                Reader { style, extent, again: again.command.as_deref(), ..Reader::default() };
            let Err(error) = output.write(&reader, many) else { continue };
            all_written = false;
            note(&error.to_string());
            if to_file && at + 1 == last {
                note("the reports follow on standard output instead");
                if let Err(error) = print(format, &reader, many) {
                    note(&error.to_string());
                }
            }
        }
        all_written
    }
}

impl Output {
    fn write(self, reader: &Reader<'_>, many: &mut dyn Many) -> Result<(), WriteError> {
        let Self { destination, format, staged } = self;
        let (Some(staged), Destination::File { flag, path, .. }) = (staged, &destination) else {
            return print(format, reader, many);
        };
        let written = fill(staged, format, &destination, reader, many);
        written.map_err(|source| WriteError::new(path, source, flag))
    }
}

fn fill(
    mut staged: Staged,
    format: Format,
    destination: &Destination,
    reader: &Reader<'_>,
    many: &mut dyn Many,
) -> Result<(), ReplaceError> {
    let mut out = Sink::new(io::BufWriter::new(&mut staged), destination.filter());
    compose::write(&mut out, format, reader, many)?;
    out.finish()?;
    staged.commit()
}

fn print(format: Format, reader: &Reader<'_>, many: &mut dyn Many) -> Result<(), WriteError> {
    let stdout = io::BufWriter::new(anstream::stdout().lock());
    let mut out = Sink::new(stdout, Destination::Stdout.filter());
    match compose::write(&mut out, format, reader, many).and_then(|()| out.finish()) {
        // A reader that went away is no error.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(WriteError::Stdout(error)),
        _ => Ok(()),
    }
}
