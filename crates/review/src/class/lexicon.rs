//! The words that tell what a table is for. Singular, on token boundaries.

/// Rows about patients and their care.
pub(super) const CLINICAL: &[&str] = &[
    "admission", "adherence", "allergy", "anamnesis", "appointment", "assessment", "biopsy", "care",
    "caregiver", "chart", "chat", "clinical", "condition", "consent", "conversation", "diagnosis",
    "discharge", "document", "dosage", "dose", "encounter", "episode", "examination", "fhir",
    "health", "hospitalization", "imaging", "immunization", "intake", "lab", "laboratory",
    "medical", "medication", "message", "narrative", "note", "observation", "outcome", "patient",
    "prescription", "pregnancy", "problem", "procedure", "reading", "referral", "rehab", "specimen",
    "surgery", "symptom", "therapy", "thread", "treatment", "triage", "vaccination", "visit",
    "vital", "wellness", "wound",
];

/// Words that make everything after them clinical (`medical_devices`, `clinical_sessions`).
pub(super) const CLINICAL_QUALIFIER: &[&str] = &["clinical", "medical", "health", "therapy"];

/// Money.
pub(super) const FINANCIAL: &[&str] = &[
    "billing", "bill", "charge", "claim", "copay", "coupon", "credit", "deductible", "debit",
    "discount", "dispute", "fee", "financial", "finance", "invoice", "ledger", "payer", "payment",
    "payout", "payroll", "price", "pricing", "purchase", "receipt", "refund", "reimbursement",
    "remittance", "revenue", "stripe", "subscription", "superbill", "tax", "transaction", "wallet",
];

/// Accounts and what lets them in.
pub(super) const IDENTITY: &[&str] = &[
    "account", "apikey", "auth", "authentication", "authorization", "clinician", "credential",
    "device", "employee", "identity", "invitation", "invite", "login", "logon", "member",
    "membership", "mfa", "oauth", "otp", "passkey", "password", "permission", "physician",
    "practitioner", "provider", "role", "session", "signin", "signup", "staff", "token",
    "totp", "user", "webauthn",
];

/// The work of running the clinic.
pub(super) const OPERATIONAL: &[&str] = &[
    "alert", "announcement", "availability", "call", "callback", "campaign", "delivery",
    "escalation", "export", "feedback", "fax", "import", "inbox", "job", "meeting", "notification",
    "outbox", "queue", "reminder", "report", "request", "schedule", "shift", "slot", "sms",
    "support", "survey", "sync", "task", "ticket", "todo", "webhook", "workflow", "worklist",
];

/// Lists and settings that describe nobody.
pub(super) const REFERENCE: &[&str] = &[
    "catalog", "category", "code", "codeset", "config", "configuration", "country", "currency",
    "definition", "dictionary", "enum", "feature", "flag", "formulary", "kind", "language",
    "locale", "lookup", "migration", "parameter", "preset", "property", "setting", "specialty",
    "state", "status", "tag", "taxonomy", "template", "timezone", "type", "unit", "version",
    "vocabulary", "zone",
];

/// A log of actions, together with its columns.
pub(super) const LOG: &[&str] = &["log", "trail", "history", "activity", "event", "journal"];

/// Tables of people whose rows can be patients.
pub(super) const PERSON: &[&str] = &[
    "patient", "person", "individual", "resident", "beneficiary", "enrollee", "client", "consumer",
    "participant",
];

/// Columns that only a record of a person's health has.
pub(super) const CLINICAL_COLUMN: &[&str] = &[
    "allergy", "blood", "cpt", "diagnosis", "dosage", "dose", "encounter", "icd", "immunization",
    "loinc", "medication", "mrn", "patient", "prescription", "rxnorm", "snomed", "symptom",
];

/// Columns of a person.
pub(super) const PERSONAL_COLUMN: &[&str] = &[
    "birthdate", "dob", "email", "firstname", "lastname", "mobile", "phone", "ssn", "surname",
    "telephone",
];

/// Columns of money.
pub(super) const MONEY_COLUMN: &[&str] =
    &["amount", "balance", "cent", "currency", "fee", "price", "subtotal", "tax", "total"];

/// Columns of a way in.
pub(super) const LOGIN_COLUMN: &[&str] =
    &["login", "mfa", "otp", "password", "refresh", "totp", "username"];

/// Tables that tools keep for themselves.
pub(super) const TOOL_TABLES: &[&str] = &[
    "alembic_version", "ar_internal_metadata", "databasechangelog", "databasechangeloglock",
    "django_migrations", "flyway_schema_history", "goose_db_version", "knex_migrations",
    "knex_migrations_lock", "__diesel_schema_migrations", "_prisma_migrations", "_sqlx_migrations",
    "schema_migrations", "spatial_ref_sys", "typeorm_metadata",
];
