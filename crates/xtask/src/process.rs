//! Running other programs: what is run is printed first, how long it took afterwards.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use crate::project::Project;
use crate::report;

/// One call of another program.
pub(crate) struct Call {
    command: Command,
    shown: String,
}

impl Call {
    /// A call of `program`, a name to be looked for on `PATH` or a path.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let program = program.as_ref();
        // The name is enough to recognise the program; the folder it lies in is noise.
        let shown =
            Path::new(program).file_stem().unwrap_or(program).to_string_lossy().into_owned();
        Self { command: Command::new(program), shown }
    }

    /// A call of cargo with these arguments in the root of the repository.
    pub(crate) fn cargo(project: &Project, args: &[&str]) -> Self {
        Self::new(&project.cargo).args(args).folder(&project.root)
    }

    /// Adds one argument.
    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        let arg = arg.as_ref();
        self.shown.push(' ');
        self.shown.push_str(&arg.to_string_lossy());
        self.command.arg(arg);
        self
    }

    /// Adds several arguments.
    pub(crate) fn args<I: IntoIterator<Item: AsRef<OsStr>>>(self, args: I) -> Self {
        args.into_iter().fold(self, Self::arg)
    }

    /// Sets an environment variable of the program.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Sets the folder the program is run in.
    pub(crate) fn folder(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Runs the program with this terminal, prints how long it took, and fails when it failed.
    pub(crate) fn run(mut self) -> Result<()> {
        println!("  $ {}", self.shown);
        let start = Instant::now();
        let status = self
            .command
            .status()
            .with_context(|| format!("`{}` could not be started", self.shown))?;
        let took = report::duration(start.elapsed());
        if !status.success() {
            bail!("`{}` failed after {took} ({status})", self.shown);
        }
        println!("    done in {took}");
        Ok(())
    }

    /// Runs the program silently and answers with its standard output when it succeeded.
    pub(crate) fn output(mut self) -> Option<String> {
        let output = self.command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs the program in the place of this one, so that the signals of the terminal reach it
    /// and nothing is left behind. Returns only when it ended (elsewhere than on Unix) or could
    /// not be started.
    pub(crate) fn become_it(mut self) -> Result<()> {
        println!("  $ {}", self.shown);
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt;
            let error = self.command.exec();
            Err(error).with_context(|| format!("`{}` could not be started", self.shown))
        }
        #[cfg(not(unix))]
        {
            let status = self
                .command
                .status()
                .with_context(|| format!("`{}` could not be started", self.shown))?;
            if !status.success() {
                bail!("`{}` ended with {status}", self.shown);
            }
            Ok(())
        }
    }
}

/// The first file on `PATH` that is called one of `names`, in the order of the names.
pub(crate) fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    names.iter().find_map(|name| {
        env::split_paths(&path)
            .flat_map(|folder| executable_names(name).map(move |file| folder.join(file)))
            .find(|file| file.is_file())
    })
}

/// `PATH` with `folders` in front of what it holds already.
pub(crate) fn path_with(folders: &[PathBuf]) -> Result<OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    env::join_paths(folders.iter().cloned().chain(env::split_paths(&path)))
        .context("a folder with a path separator in its name cannot be put on PATH")
}

/// The file names an executable of this name can have on this system. Windows starts `npm` and
/// the programs npm installs through `.cmd` files.
fn executable_names(name: &str) -> impl Iterator<Item = String> {
    let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd"] } else { &[""] };
    endings.iter().map(move |ending| format!("{name}{ending}"))
}
