//! The sources on the page: two sides with files, and the standard.

use std::rc::Rc;

use crate::position::count_lines;
use crate::protocol::{Contents, SourceText};

/// The editor's three tabs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tab {
    Documented,
    Implemented,
    Standard,
}

impl Tab {
    /// In the order they are shown.
    pub(crate) const ALL: [Self; 3] = [Self::Documented, Self::Implemented, Self::Standard];

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Documented => "Documentation",
            Self::Implemented => "Implementation",
            Self::Standard => "Standard",
        }
    }

    /// The file name a new source of this tab starts from.
    fn default_path(self) -> &'static str {
        match self {
            Self::Documented => "documented.sql",
            Self::Implemented => "implemented.sql",
            Self::Standard => "standard.toml",
        }
    }
}

/// What the text of a source is written in, for the editor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    Sql,
    Python,
    Toml,
}

impl Language {
    fn of(tab: Tab, path: &str, text: &str) -> Self {
        match tab {
            Tab::Standard => Self::Toml,
            _ if schemaward_engine::is_python_source(path, text) => Self::Python,
            _ => Self::Sql,
        }
    }

    /// As the editor's program calls it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Sql => "sql",
            Self::Python => "python",
            Self::Toml => "toml",
        }
    }
}

/// Names a source for as long as the page lives, whatever its path becomes. No two sources ever share one, so that
/// an editor never takes the text of one for that of another.
pub(crate) type SourceId = u32;

/// One source.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) id: SourceId,
    pub(crate) tab: Tab,
    pub(crate) path: String,
    pub(crate) text: Rc<str>,
    pub(crate) language: Language,
    /// Grows whenever the text is set by anything but typing: the editor then shows it anew.
    pub(crate) revision: u32,
    pub(crate) lines: usize,
}

impl Source {
    /// Whether it holds nothing to review.
    pub(crate) fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Whether it gives way to another file. An empty module of Python (`__init__.py`) is one all the same.
    fn is_placeholder(&self) -> bool {
        self.is_blank() && self.language != Language::Python
    }
}

/// All sources, never without one on each side and exactly one standard.
#[derive(Clone, Debug)]
pub(crate) struct Sources {
    all: Vec<Source>,
    next_id: SourceId,
}

impl Sources {
    /// One empty file in every tab.
    pub(crate) fn new() -> Self {
        let mut sources = Self { all: Vec::new(), next_id: 0 };
        sources.fill_empty_tabs();
        sources
    }

    /// The sources that came with a link, an example or a file.
    ///
    /// They take the place of all that were there, under ids of their own: an editor that shows one
    /// of the old ones must not take it for one of these.
    pub(crate) fn replace_all(&mut self, contents: Contents) {
        self.all.clear();
        for source in contents.sources {
            let tab = if source.documented { Tab::Documented } else { Tab::Implemented };
            self.add(tab, &source.path, &source.text);
        }
        if !contents.standard.is_empty() {
            self.add(Tab::Standard, Tab::Standard.default_path(), &contents.standard);
        }
        self.fill_empty_tabs();
    }

    /// What the worker and a link get: the sources that hold text.
    pub(crate) fn contents(&self) -> Contents {
        let sources =
            self.all.iter().filter(|source| source.tab != Tab::Standard && !source.is_blank());
        Contents {
            sources: sources
                .map(|source| SourceText {
                    documented: source.tab == Tab::Documented,
                    path: source.path.clone(),
                    text: source.text.to_string(),
                })
                .collect(),
            standard: self
                .of(Tab::Standard)
                .find(|source| !source.is_blank())
                .map(|source| source.text.to_string())
                .unwrap_or_default(),
        }
    }

    /// The sources of one tab, in order.
    pub(crate) fn of(&self, tab: Tab) -> impl Iterator<Item = &Source> {
        self.all.iter().filter(move |source| source.tab == tab)
    }

    pub(crate) fn get(&self, id: SourceId) -> Option<&Source> {
        self.all.iter().find(|source| source.id == id)
    }

    pub(crate) fn by_path(&self, path: &str) -> Option<&Source> {
        self.all.iter().find(|source| source.path == path)
    }

    /// What a review of these is called: the first source, and how many more there are.
    pub(crate) fn title(&self) -> String {
        let mut named = self.all.iter().filter(|it| it.tab != Tab::Standard && !it.is_blank());
        let first = named.next().map(|source| source.path.clone()).unwrap_or_default();
        match named.count() {
            0 => first,
            more => format!("{first} and {more} more"),
        }
    }

    /// Whether there is nothing to review.
    pub(crate) fn is_blank(&self) -> bool {
        self.all.iter().all(|source| source.tab == Tab::Standard || source.is_blank())
    }

    /// Adds a source; its path is made unique, because evidence names sources by path.
    pub(crate) fn add(&mut self, tab: Tab, path: &str, text: &str) -> SourceId {
        let id = self.next_id;
        self.next_id += 1;
        let path = self.free_path(id, path, tab);
        let (language, lines) = (Language::of(tab, &path, text), count_lines(text));
        let text = Rc::from(text);
        self.all.push(Source { id, tab, path, text, language, revision: 0, lines });
        id
    }

    /// Adds a file from disk. A blank source of the tab makes room for it, and there is only one standard.
    pub(crate) fn add_file(&mut self, tab: Tab, path: &str, text: &str) -> SourceId {
        self.all.retain(|source| {
            source.tab != tab || (tab != Tab::Standard && !source.is_placeholder())
        });
        self.add(tab, path, text)
    }

    /// Adds an empty source under the tab's default name.
    pub(crate) fn add_empty(&mut self, tab: Tab) -> SourceId {
        self.add(tab, tab.default_path(), "")
    }

    /// Takes over what was typed; whether the text changed.
    pub(crate) fn typed(&mut self, id: SourceId, text: String) -> bool {
        let Some(source) = self.all.iter_mut().find(|source| source.id == id) else { return false };
        if *source.text == *text {
            return false;
        }
        source.lines = count_lines(&text);
        source.language = Language::of(source.tab, &source.path, &text);
        source.text = Rc::from(text);
        true
    }

    /// Sets a source's text from elsewhere than the editor.
    pub(crate) fn replace(&mut self, id: SourceId, text: &str) {
        if self.typed(id, text.to_owned())
            && let Some(source) = self.all.iter_mut().find(|source| source.id == id)
        {
            source.revision += 1;
        }
    }

    /// Renames a source; a blank name changes nothing.
    pub(crate) fn rename(&mut self, id: SourceId, path: &str) {
        let path = path.trim();
        let Some(tab) = self.get(id).map(|source| source.tab) else { return };
        if path.is_empty() {
            return;
        }
        let path = self.free_path(id, path, tab);
        if let Some(source) = self.all.iter_mut().find(|source| source.id == id) {
            source.language = Language::of(tab, &path, &source.text);
            source.path = path;
        }
    }

    /// All sources but the standard, in order.
    pub(crate) fn of_sides(&self) -> impl Iterator<Item = &Source> {
        self.all.iter().filter(|source| source.tab != Tab::Standard)
    }

    /// Goes back to the files that were there before, under their names of then and on their sides. A file that is
    /// still here keeps its text: typing has a history of its own.
    pub(crate) fn go_back_to(&mut self, before: Self) {
        let now = std::mem::replace(&mut self.all, before.all);
        for source in &mut self.all {
            if let Some(present) = now.iter().find(|present| present.id == source.id) {
                source.text = Rc::clone(&present.text);
                source.lines = present.lines;
                source.revision = present.revision;
            }
            source.language = Language::of(source.tab, &source.path, &source.text);
        }
    }

    /// Whether no file and no standard holds anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.all.iter().all(Source::is_blank)
    }

    /// The ids of all sources.
    pub(crate) fn ids(&self) -> Vec<SourceId> {
        self.all.iter().map(|source| source.id).collect()
    }

    /// Moves a source from one side to the other, where it comes last; the standard stays. Its id is the
    /// same afterwards, so that the editor keeps its history.
    pub(crate) fn change_side(&mut self, id: SourceId) {
        let other = match self.get(id).map(|source| source.tab) {
            Some(Tab::Documented) => Tab::Implemented,
            Some(Tab::Implemented) => Tab::Documented,
            _ => return,
        };
        // A blank file of the other side makes room.
        self.all.retain(|source| source.tab != other || !source.is_placeholder());
        if let Some(at) = self.all.iter().position(|source| source.id == id) {
            let mut source = self.all.remove(at);
            source.tab = other;
            self.all.push(source);
        }
        self.fill_empty_tabs();
    }

    /// Removes a source. The last one of a tab is emptied instead.
    pub(crate) fn remove(&mut self, id: SourceId) {
        self.all.retain(|source| source.id != id);
        self.fill_empty_tabs();
    }

    fn fill_empty_tabs(&mut self) {
        for tab in Tab::ALL {
            if self.of(tab).next().is_none() {
                self.add_empty(tab);
            }
        }
    }

    /// `path`, or `path` with a number before its extension when another source has it.
    fn free_path(&self, id: SourceId, path: &str, tab: Tab) -> String {
        let path = if path.trim().is_empty() { tab.default_path() } else { path };
        let taken =
            |path: &str| self.all.iter().any(|source| source.id != id && source.path == path);
        if !taken(path) {
            return path.to_owned();
        }
        let (stem, extension) = match path.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => (stem, format!(".{extension}")),
            _ => (path, String::new()),
        };
        // One of the first `len + 1` numbers is free, since there are only `len` sources.
        (2..=self.all.len() + 2)
            .map(|number| format!("{stem}-{number}{extension}"))
            .find(|candidate| !taken(candidate))
            .unwrap_or_else(|| path.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(sources: &Sources, tab: Tab) -> Vec<&str> {
        sources.of(tab).map(|source| source.path.as_str()).collect()
    }

    #[test]
    fn every_tab_starts_with_one_empty_file() {
        let sources = Sources::new();
        assert_eq!(paths(&sources, Tab::Documented), ["documented.sql"]);
        assert_eq!(paths(&sources, Tab::Implemented), ["implemented.sql"]);
        assert_eq!(paths(&sources, Tab::Standard), ["standard.toml"]);
        assert!(sources.is_blank() && sources.is_empty());
        assert_eq!(sources.contents(), Contents::default());
    }

    #[test]
    fn paths_are_unique_over_both_sides() {
        let mut sources = Sources::new();
        sources.add(Tab::Implemented, "documented.sql", "");
        sources.add(Tab::Implemented, "documented.sql", "");
        sources.add(Tab::Implemented, "Makefile", "");
        sources.add(Tab::Implemented, "Makefile", "");
        assert_eq!(
            paths(&sources, Tab::Implemented),
            ["implemented.sql", "documented-2.sql", "documented-3.sql", "Makefile", "Makefile-2"],
        );
    }

    #[test]
    fn a_file_from_disk_takes_the_place_of_a_blank_one() {
        let mut sources = Sources::new();
        sources.add_file(Tab::Documented, "schema.sql", "CREATE TABLE a ();");
        sources.add_file(Tab::Documented, "more.sql", "CREATE TABLE b ();");
        assert_eq!(paths(&sources, Tab::Documented), ["schema.sql", "more.sql"]);
        sources.add_file(Tab::Documented, "a/__init__.py", "");
        sources.add_file(Tab::Documented, "a/b.py", "b = 1");
        assert_eq!(
            paths(&sources, Tab::Documented),
            ["schema.sql", "more.sql", "a/__init__.py", "a/b.py"],
        );
        sources.add_file(Tab::Standard, "ours.toml", "name = 'ours'");
        sources.add_file(Tab::Standard, "theirs.toml", "name = 'theirs'");
        assert_eq!(paths(&sources, Tab::Standard), ["theirs.toml"]);
    }

    #[test]
    fn renaming_keeps_paths_unique_and_never_blank() {
        let mut sources = Sources::new();
        let id = sources.add_empty(Tab::Implemented);
        sources.rename(id, "  ");
        assert_eq!(sources.get(id).unwrap().path, "implemented-2.sql");
        sources.rename(id, "implemented.sql");
        assert_eq!(sources.get(id).unwrap().path, "implemented-2.sql");
        sources.rename(id, " a/b.sql ");
        assert_eq!(sources.get(id).unwrap().path, "a/b.sql");
    }

    #[test]
    fn removing_the_last_file_leaves_an_empty_one() {
        let mut sources = Sources::new();
        let id = sources.add_file(Tab::Implemented, "a.sql", "SELECT 1");
        sources.remove(id);
        assert_eq!(paths(&sources, Tab::Implemented), ["implemented.sql"]);
        assert!(sources.is_blank());
    }

    #[test]
    fn going_back_brings_files_names_and_sides_but_no_older_text() {
        let mut sources = Sources::new();
        let kept = sources.add_file(Tab::Implemented, "kept.sql", "SELECT 1");
        let gone = sources.add_file(Tab::Implemented, "gone.sql", "SELECT 2");
        let before = sources.clone();
        sources.remove(gone);
        sources.rename(kept, "renamed.sql");
        sources.change_side(kept);
        sources.typed(kept, "SELECT 3".to_owned());
        let later = sources.add_file(Tab::Implemented, "later.sql", "SELECT 4");
        let after = sources.clone();
        sources.go_back_to(before);
        assert_eq!(paths(&sources, Tab::Implemented), ["kept.sql", "gone.sql"]);
        assert_eq!(&*sources.get(kept).unwrap().text, "SELECT 3");
        assert_eq!(&*sources.get(gone).unwrap().text, "SELECT 2");
        assert!(sources.get(later).is_none());
        let newest = sources.add_empty(Tab::Implemented);
        assert!(newest > later, "no id is given twice");
        sources.go_back_to(after);
        assert_eq!(paths(&sources, Tab::Documented), ["renamed.sql"]);
        assert_eq!(&*sources.get(later).unwrap().text, "SELECT 4");
    }

    #[test]
    fn a_file_changes_sides() {
        let mut sources = Sources::new();
        let id = sources.add_file(Tab::Implemented, "schema.sql", "CREATE TABLE a ();");
        sources.change_side(id);
        assert_eq!(paths(&sources, Tab::Documented), ["schema.sql"]);
        assert_eq!(paths(&sources, Tab::Implemented), ["implemented.sql"]);
        assert_eq!(sources.get(id).unwrap().tab, Tab::Documented);
        let standard = sources.of(Tab::Standard).next().unwrap().id;
        sources.change_side(standard);
        assert_eq!(paths(&sources, Tab::Standard), ["standard.toml"]);
    }

    #[test]
    fn contents_make_the_round_trip() {
        let mut sources = Sources::new();
        sources.add_file(Tab::Documented, "d.sql", "d");
        sources.add_file(Tab::Implemented, "i.sql", "i\r\n\0");
        sources.add_file(Tab::Standard, "standard.toml", "name = 'x'");
        let contents = sources.contents();
        let before = sources.ids();
        sources.replace_all(contents.clone());
        assert_eq!(sources.contents(), contents);
        assert!(sources.ids().iter().all(|id| !before.contains(id)), "no id stands for two texts");
    }

    #[test]
    fn the_language_follows_tab_name_and_text() {
        let mut sources = Sources::new();
        let language = |sources: &Sources, id| sources.get(id).unwrap().language;
        let id = sources.add(Tab::Implemented, "models.txt", "CREATE TABLE a (id int);");
        assert_eq!(language(&sources, id), Language::Sql);
        sources.typed(id, "from sqlalchemy.orm import DeclarativeBase\n".to_owned());
        assert_eq!(language(&sources, id), Language::Python);
        sources.typed(id, String::new());
        assert_eq!(language(&sources, id), Language::Sql);
        sources.rename(id, "models.py");
        assert_eq!(language(&sources, id), Language::Python);
        let id = sources.add(Tab::Standard, "standard.toml", "");
        assert_eq!(language(&sources, id), Language::Toml);
    }

    #[test]
    fn typing_the_same_text_is_no_change() {
        let mut sources = Sources::new();
        let id = sources.add_empty(Tab::Documented);
        assert!(sources.typed(id, "a\nb".to_owned()));
        assert!(!sources.typed(id, "a\nb".to_owned()));
        assert_eq!(sources.get(id).unwrap().lines, 2);
    }
}
