//! What a rule answers about one subject.

use schemaward_catalog::{Origin, QualifiedName, Table};

use crate::{Evidence, Severity};

/// One answer of one rule.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// The verdict.
    pub(crate) kind: AnswerKind,
    /// The table, where there is one.
    pub(crate) table: Option<QualifiedName>,
    /// The column, where there is one.
    pub(crate) column: Option<String>,
    /// What tells several answers on the same table and column apart (a policy, an event).
    pub(crate) detail: Option<String>,
    /// What it is about, as people name it.
    pub(crate) subject: String,
    /// What is wrong, right, or not settled.
    pub(crate) message: String,
    /// The lines that show it, or the place where something missing would be.
    pub(crate) evidence: Vec<Evidence>,
}

/// The verdict of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AnswerKind {
    /// A defect, of the rule's own severity or of another.
    Unmet(Option<Severity>),
    /// The text does not settle it.
    Undecided,
    /// Fine; shown in the matrix.
    Met,
    /// Fine, and worth saying in the report.
    Success,
}

impl Answer {
    fn new(kind: AnswerKind, table: &Table, message: impl Into<String>) -> Self {
        Self {
            kind,
            table: Some(table.name.clone()),
            column: None,
            detail: None,
            subject: table.name.to_string(),
            message: message.into(),
            evidence: Vec::new(),
        }
    }

    /// A defect of a table.
    pub(crate) fn unmet(table: &Table, message: impl Into<String>) -> Self {
        Self::new(AnswerKind::Unmet(None), table, message)
    }

    /// Something about a table that the text does not settle.
    pub(crate) fn undecided(table: &Table, message: impl Into<String>) -> Self {
        Self::new(AnswerKind::Undecided, table, message)
    }

    /// Something about a table that is as mandated.
    pub(crate) fn met(table: &Table, message: impl Into<String>) -> Self {
        Self::new(AnswerKind::Met, table, message)
    }

    /// Something about a table that is as mandated and deserves a line in the report.
    pub(crate) fn success(table: &Table, message: impl Into<String>) -> Self {
        Self::new(AnswerKind::Success, table, message)
    }

    /// A defect of something that belongs to no table.
    pub(crate) fn unmet_subject(subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            kind: AnswerKind::Unmet(None),
            table: None,
            column: None,
            detail: None,
            subject: subject.into(),
            message: message.into(),
            evidence: Vec::new(),
        }
    }

    /// Something that belongs to no table and that the text does not settle.
    pub(crate) fn undecided_subject(
        subject: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self { kind: AnswerKind::Undecided, ..Self::unmet_subject(subject, message) }
    }

    /// Something that belongs to no table and is worth a line in the report.
    pub(crate) fn success_subject(subject: impl Into<String>, message: impl Into<String>) -> Self {
        Self { kind: AnswerKind::Success, ..Self::unmet_subject(subject, message) }
    }

    /// Names the table that code is about, so that a waiver of the table reaches it; the subject
    /// stays what the program calls it.
    #[must_use]
    pub(crate) fn on(mut self, table: Option<&QualifiedName>) -> Self {
        self.table = table.cloned();
        self
    }

    /// The same about one column.
    #[must_use]
    pub(crate) fn column(mut self, column: &str) -> Self {
        if let Some(table) = &self.table {
            self.subject = format!("{table}.{column}");
        }
        self.column = Some(column.to_owned());
        self
    }

    /// Tells it apart from others on the same table and column.
    #[must_use]
    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds a line that shows it.
    #[must_use]
    pub(crate) fn at(mut self, origin: Origin) -> Self {
        let evidence = Evidence::from(origin);
        if !self.evidence.contains(&evidence) {
            self.evidence.push(evidence);
        }
        self
    }

    /// Makes a defect more or less serious than the rule is by default.
    #[must_use]
    pub(crate) fn severity(mut self, severity: Severity) -> Self {
        if let AnswerKind::Unmet(own) = &mut self.kind {
            *own = Some(severity);
        }
        self
    }

    /// The id of the finding it makes: stable for the same rule and subject.
    pub(crate) fn id(&self, rule: &str) -> String {
        let mut id = format!("{rule}:");
        match &self.table {
            Some(table) => id.push_str(&table.to_string()),
            None => id.push_str(&self.subject),
        }
        if let Some(column) = &self.column {
            id.push('.');
            id.push_str(column);
        }
        if let Some(detail) = &self.detail {
            id.push(':');
            id.push_str(detail);
        }
        id
    }
}
