//! The dictionary: which words name which kind of thing, in which types, on which tables.
//!
//! One long file: it is a table. Words are singular and written out (`tokens` knows the
//! abbreviations); the same phrase may stand in several entries, which are tried in order.

use super::Kind;
use crate::IdentifierGroup::{Clinical, Financial, Personal, Secret};

// What a column's type can hold; an entry accepts any of several.
pub(super) const TEXT: u16 = 1;
pub(super) const NUM: u16 = 1 << 1;
pub(super) const DATE: u16 = 1 << 2;
pub(super) const BOOL: u16 = 1 << 3;
pub(super) const UUID: u16 = 1 << 4;
pub(super) const BIN: u16 = 1 << 5;
pub(super) const NET: u16 = 1 << 6;
pub(super) const MAC: u16 = 1 << 7;
pub(super) const GEO: u16 = 1 << 8;
pub(super) const ENUM: u16 = 1 << 9;

/// Text, also encrypted.
const WORDS: u16 = TEXT | BIN;
/// Numbers that people write with digits, whatever type they are kept in.
const DIGITS: u16 = TEXT | NUM | BIN;
/// Days and moments; some are kept as text.
const DAYS: u16 = DATE | TEXT | BIN;
/// Moments only: their words mean other things in other types.
const MOMENTS: u16 = DATE;
/// A fact in any form but a yes or no.
const FACTS: u16 = TEXT | NUM | BIN | ENUM;
/// A fact that is itself a yes or no.
const YES_NO: u16 = TEXT | NUM | BIN | ENUM | BOOL;
/// Keys to a way in.
const KEYS: u16 = TEXT | BIN | UUID;

/// Where a word means its entry's thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Everywhere.
    Anyone,
    /// In a table of people, or with a word for a person before it.
    Person,
    /// In a table of people or of what belongs to them, or with a word for a person before it.
    People,
    /// Everywhere but in lists and tables of places and organisations.
    NotPlace,
    /// On clinical tables only: the word has other meanings elsewhere.
    Care,
    /// Everywhere but in lists, places and logs.
    Health,
}

/// Phrases that name a kind of thing.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) kind: &'static Kind,
    pub(super) phrases: &'static [&'static str],
    /// The types it can be kept in.
    pub(super) holds: u16,
    pub(super) about: About,
    /// Words before it that make it something else.
    pub(super) unless: &'static [&'static str],
    /// Words of the table's name, of which it needs one.
    pub(super) tables: &'static [&'static str],
}

const fn entry(
    kind: &'static Kind,
    holds: u16,
    about: About,
    phrases: &'static [&'static str],
) -> Entry {
    Entry { kind, phrases, holds, about, unless: &[], tables: &[] }
}

impl Entry {
    const fn unless(mut self, words: &'static [&'static str]) -> Self {
        self.unless = words;
        self
    }

    const fn on(mut self, tables: &'static [&'static str]) -> Self {
        self.tables = tables;
        self
    }
}

const fn identifier(name: &'static str, letter: char) -> Kind {
    Kind { name, letter: Some(letter), group: Personal, secret: false }
}

const fn clinical(name: &'static str) -> Kind {
    Kind { name, letter: None, group: Clinical, secret: false }
}

const fn secret(name: &'static str) -> Kind {
    Kind { name, letter: None, group: Secret, secret: true }
}

static PERSON_NAME: Kind = identifier("name of a person", 'A');
static ADDRESS: Kind = identifier("address", 'B');
static PLACE: Kind = identifier("place smaller than a state", 'B');
static POSITION: Kind = identifier("position on the map", 'B');
pub(super) static BIRTH: Kind = identifier("date of birth", 'C');
static DEATH: Kind = identifier("date of death", 'C');
static STAY: Kind = identifier("date of admission or discharge", 'C');
static CARE_DATE: Kind = identifier("date of care", 'C');
static AGE: Kind = identifier("age", 'C');
static PHONE: Kind = identifier("phone number", 'D');
static CONTACT: Kind = identifier("phone number or other way to reach a person", 'D');
static FAX: Kind = identifier("fax number", 'E');
static EMAIL: Kind = identifier("e-mail address", 'F');
static SSN: Kind =
    Kind { name: "social security number", letter: Some('G'), group: Personal, secret: true };
static MRN: Kind = identifier("medical record number", 'H');
static PLAN_NUMBER: Kind = identifier("health plan number", 'I');
static ACCOUNT: Kind =
    Kind { name: "account number", letter: Some('J'), group: Financial, secret: false };
static CARD: Kind = Kind { name: "card number", letter: Some('J'), group: Financial, secret: true };
static CARD_END: Kind =
    Kind { name: "last digits of a card", letter: Some('J'), group: Financial, secret: false };
static LICENSE: Kind = identifier("licence or certificate number", 'K');
static VEHICLE: Kind = identifier("vehicle identifier", 'L');
static DEVICE: Kind = identifier("device identifier", 'M');
pub(super) static HARDWARE_ADDRESS: Kind = identifier("hardware address", 'M');
static WEB: Kind = identifier("web address of a person", 'N');
pub(super) static IP_ADDRESS: Kind = identifier("IP address", 'O');
static BIOMETRIC: Kind = identifier("biometric identifier", 'P');
static PHOTO: Kind = identifier("picture of a person", 'Q');
static LOGIN: Kind = identifier("login name", 'R');
static CODE: Kind = identifier("other unique number or code", 'R');
static GENOME: Kind = identifier("genetic code", 'R');
static DEMOGRAPHIC: Kind =
    Kind { name: "demographic fact", letter: None, group: Personal, secret: false };
static INCOME: Kind =
    Kind { name: "income or wealth", letter: None, group: Financial, secret: false };
static DIAGNOSIS: Kind = clinical("diagnosis");
static PROCEDURE: Kind = clinical("procedure");
static MEDICATION: Kind = clinical("medication");
static ALLERGY: Kind = clinical("allergy");
static VITAL: Kind = clinical("vital sign");
static LAB: Kind = clinical("test or its result");
static IMMUNIZATION: Kind = clinical("immunization");
static SYMPTOM: Kind = clinical("symptom or complaint");
static HISTORY: Kind = clinical("medical history");
static STATE: Kind = clinical("state of health");
static CARE_TEXT: Kind = clinical("text about a person's care");
static PASSWORD: Kind = secret("password");
static PIN: Kind = secret("PIN or one-time code");
static MFA: Kind = secret("secret of a second factor");
static TOKEN: Kind = secret("token");
static SECRET_KEY: Kind = secret("secret key");
static ANSWER: Kind = secret("answer to a security question");
static CARD_CODE: Kind = secret("card security code");

/// Words for events in a table's name, whose times are dates of care.
const VISIT: &[&str] = &[
    "admission",
    "appointment",
    "encounter",
    "session",
    "surgery",
    "visit",
    "consultation",
    "stay",
];

#[rustfmt::skip]
pub(super) static ENTRIES: &[Entry] = &[
    // A: names.
    entry(&PERSON_NAME, WORDS, About::Anyone, &[
        "first name", "last name", "given name", "family name", "middle name", "maiden name", "pen name",
        "preferred name", "nick name", "mother maiden name", "card holder", "card holder name", "cardholder name",
        "account holder", "account holder name", "embossed name", "principal investigator", "contact person",
        "emergency contact name", "name on card", "patient name", "guardian name", "spouse name", "father name",
        "mother name", "doctor name", "physician name", "employer name", "next of kin", "next of kin name",
    ]),
    entry(&PERSON_NAME, WORDS, About::NotPlace, &["full name", "legal name"]),
    entry(&PERSON_NAME, WORDS, About::Person, &["name", "display name", "alias", "signature name", "birth name"])
        .unless(&[
            "file", "table", "column", "index", "schema", "event", "job", "field", "role", "tag", "group", "host",
            "company", "product", "category", "domain", "device", "plan", "drug", "test", "street", "city", "bank",
            "clinic", "school", "user", "type", "class", "code", "brand", "template", "department", "team", "payer",
            "insurance", "facility", "practice", "business", "organization", "model", "account", "secret", "from",
        ]),
    entry(&PERSON_NAME, WORDS, About::People, &["initial"]),
    entry(&PERSON_NAME, WORDS, About::People, &["recipient", "addressee", "attention"])
        .on(&["address", "delivery", "shipment", "letter"]),

    // B: places smaller than a state.
    entry(&EMAIL, WORDS, About::Anyone, &["address"]).on(&["email", "mail"]).unless(&["ip", "mac", "street", "postal"]),
    entry(&IP_ADDRESS, WORDS | NET, About::NotPlace, &["remote address", "client address", "ip", "ip address"])
        .unless(&["server", "allowed", "allowlist", "blocked", "whitelist", "gateway", "nat", "private", "internal"]),
    entry(&ADDRESS, WORDS, About::People, &[
        "address", "street", "address line", "street address", "home address", "mailing address", "residential address",
        "po box", "apartment", "apartment number", "house number", "street name", "street line", "postal address",
    ]).unless(&["web", "url", "wallet", "bitcoin", "contract", "memory", "email", "return", "base"]),
    entry(&ADDRESS, WORDS, About::People, &["line"]).on(&["address"]),
    entry(&PLACE, WORDS, About::People, &[
        "city", "city name", "town", "county", "district", "neighborhood", "suburb", "municipality", "parish",
        "precinct", "village", "census tract",
    ]),
    entry(&PLACE, DIGITS, About::People, &["zip", "zip code", "postal code"]),
    entry(&POSITION, NUM | TEXT | GEO | BIN, About::People, &[
        "latitude", "longitude", "lat", "lng", "lon", "long", "geo point", "coordinate", "geolocation", "geo location",
        "gps", "geo", "location point", "lat lng", "lat long",
    ]),
    entry(&POSITION, GEO, About::People, &["location", "position", "point", "geom"]),

    // C: dates, and ages.
    entry(&BIRTH, DAYS, About::Anyone, &["date of birth", "birth date", "born on", "born at", "born"]),
    entry(&DEATH, DAYS, About::Anyone, &["date of death", "death date"]),
    entry(&DEATH, DAYS, About::People, &["died on", "died at", "deceased at", "deceased on", "deceased date"]),
    entry(&STAY, DAYS, About::People, &[
        "admission date", "admit date", "admitted at", "admitted on", "discharge date", "discharged at",
        "discharged on", "admission at", "discharge at", "admit at", "date admitted", "date discharged",
    ]),
    entry(&CARE_DATE, DAYS, About::People, &[
        "date of service", "service date", "visit date", "appointment date", "surgery date", "procedure date",
        "onset date", "onset on", "onset at", "encounter date", "diagnosis date", "treatment date", "appointment at",
        "appointment time", "date of visit", "date of diagnosis", "date of injury", "injury date", "accident date",
    ]),
    entry(&CARE_DATE, MOMENTS, About::Care, &[
        "diagnosed on", "diagnosed at", "collected at", "collected on", "taken at", "taken on", "administered at",
        "administered on", "given at", "given on", "performed at", "performed on", "recorded at", "recorded on",
        "measured at", "measured on", "observed at", "prescribed at", "prescribed on", "written date", "written on",
        "filled on", "filled at", "filled date", "ordered at", "ordered on", "transferred at", "charted at",
        "implanted on", "implanted at", "occurred at", "occurred on", "session date", "last use date", "resulted at",
        "dispensed at", "dispensed on", "vaccinated on", "vaccinated at", "injected at", "examined at", "seen at",
        "seen on", "collection date", "test date", "exam date", "specimen date", "result date", "order date",
        "start date of treatment", "last dose at", "last visit date", "last seen at", "checkup date", "event date",
        "session at", "visit at", "referral date", "referred on", "admission time", "discharge time", "fill date",
    ]).unless(&["last", "first", "created", "updated"]),
    entry(&CARE_DATE, MOMENTS, About::Care, &[
        "start at", "end at", "start", "end", "scheduled for", "scheduled at", "scheduled start", "scheduled end",
        "started at", "ended at", "date", "held at", "start time", "end time", "begin at", "checked in at",
        "scheduled on", "visited at", "visited on", "time", "scheduled date", "start date", "end date",
    ]).on(VISIT),
    entry(&AGE, NUM | TEXT, About::People, &["age", "age year", "age at visit", "age at diagnosis"]),

    // D, E, F: ways to reach a person.
    entry(&PHONE, DIGITS, About::NotPlace, &[
        "phone", "mobile", "mobile phone", "cell phone", "home phone", "work phone", "phone number", "mobile number",
        "cell number", "msisdn", "pager", "whatsapp", "landline", "caller number", "caller id", "callee number",
        "phone e", "sms number", "daytime phone", "whatsapp number", "to phone", "from phone",
    ]).unless(&["app"]),
    entry(&PHONE, DIGITS, About::Person, &["cell"]),
    entry(&PHONE, DIGITS, About::NotPlace, &["from number", "to number", "called number", "calling number", "dialed number"])
        .on(&["call", "sms", "message", "text", "fax", "voicemail"]),
    entry(&CONTACT, DIGITS, About::People, &["value", "detail", "number"])
        .on(&["contact", "telecom", "phone"]).unless(&["lot", "serial", "policy", "group", "room"]),
    entry(&FAX, DIGITS, About::NotPlace, &["fax", "fax number"]),
    entry(&EMAIL, WORDS, About::NotPlace, &["email", "email address", "mail address", "email id"])
        .unless(&["bounce", "support", "noreply"]),
    entry(&EMAIL, WORDS, About::Person, &["mail"]),

    // G: social security numbers and their like.
    entry(&SSN, DIGITS, About::Anyone, &[
        "ssn", "social security number", "social security", "national insurance number", "itin",
        "social insurance number", "ss number",
    ]),
    entry(&Kind { name: "end of a social security number", letter: Some('G'), group: Personal, secret: false },
        DIGITS, About::Anyone, &["ssn lastfour", "social security lastfour"]),
    entry(&SSN, DIGITS, About::Person, &["tax id", "tin", "taxpayer id", "taxpayer number", "tax number"]),

    // H, I: numbers of records and plans.
    entry(&MRN, DIGITS, About::Anyone, &[
        "mrn", "medical record number", "med record number", "medical record id", "med rec number", "empi",
        "patient number", "hospital number", "chart number", "nhs number", "mrn number",
    ]),
    entry(&MRN, DIGITS, About::Care, &["record number", "case number", "file number", "master patient index", "mpi"]),
    entry(&PLAN_NUMBER, DIGITS, About::People, &[
        "insurance member id", "insurance id", "insurance number", "medicaid id", "medicaid number", "medicare id",
        "medicare number", "hic number", "hicn", "mbi", "beneficiary number", "beneficiary id", "subscriber id",
        "subscriber number", "cardholder id", "health plan number", "health plan id", "health card number",
        "insurance policy number", "insurance group number", "plan member id", "health insurance number",
    ]),
    entry(&PLAN_NUMBER, DIGITS, About::Care, &[
        "member id", "member number", "policy number", "group number", "auth number", "authorization number",
        "prior auth number", "claim number", "certificate number", "policy id", "group id", "policyholder id",
    ]),
    entry(&PLAN_NUMBER, DIGITS, About::NotPlace, &["claim number", "member id", "policy number", "group number"])
        .on(&["claim", "insurance", "coverage", "eligibility", "benefit"]),

    // J: accounts and cards.
    entry(&ACCOUNT, DIGITS, About::NotPlace, &[
        "account number", "bank account", "bank account number", "iban", "payee account", "account num",
    ]),
    entry(&CARD, DIGITS, About::Anyone, &[
        "pan", "card pan", "card number", "credit card", "credit card number", "cc number", "debit card number",
        "debit card",
    ]),
    entry(&CARD_END, DIGITS, About::Anyone, &["card lastfour", "lastfour", "account lastfour", "cc lastfour"]),

    // K: licences and certificates.
    entry(&LICENSE, DIGITS, About::Anyone, &[
        "npi", "npi number", "dea", "dea number", "driver license", "driver license number", "medical license",
        "medical license number", "nursing license",
    ]).unless(&["organization", "group", "clinic", "facility"]),
    entry(&LICENSE, DIGITS, About::People, &[
        "license number", "license", "certificate number", "license id", "state license", "registration number",
    ]).unless(&["software", "product"]),

    // L: vehicles.
    entry(&VEHICLE, WORDS, About::NotPlace, &[
        "vin", "license plate", "license plate number", "plate number", "car plate", "registration plate",
        "vehicle vin", "vehicle registration", "vehicle identification number", "vehicle plate", "number plate",
    ]),

    // M: devices.
    entry(&DEVICE, DIGITS, About::Anyone, &[
        "imei", "imsi", "iccid", "udi", "udi code", "device fingerprint", "push token", "fcm token", "apns token",
        "device token", "idfa", "idfv", "gaid", "advertising id", "android id", "device identifier", "meid",
        "unique device identifier", "browser fingerprint", "hardware id",
    ]),
    entry(&DEVICE, DIGITS, About::NotPlace, &["device serial", "device serial number", "device id", "device uid"]),
    entry(&DEVICE, DIGITS, About::People, &["serial", "serial number"])
        .unless(&["product", "certificate", "invoice"]).on(&["device", "implant", "phone", "equipment", "wearable", "pump", "monitor", "patient", "prosthesis", "hardware"]),
    entry(&HARDWARE_ADDRESS, TEXT | MAC, About::People, &["mac", "mac address"]),

    // N: web addresses of people.
    entry(&WEB, WORDS, About::Person, &[
        "website", "homepage", "personal url", "linkedin", "linkedin url", "facebook", "facebook url", "instagram",
        "twitter url", "profile url", "blog", "blog url", "portfolio", "portfolio url", "personal website",
    ]).unless(&["company"]),

    // P: biometrics.
    entry(&BIOMETRIC, TEXT | BIN, About::Anyone, &[
        "voice print", "iris scan", "retina", "retina template", "retina scan", "faceprint", "face print",
        "face embedding", "face template", "palm vein", "palm print", "biometric", "biometric template",
        "biometric hash", "fingerprint template", "hand geometry", "thumbprint", "face vector", "iris template",
        "voice template", "facial geometry", "fingerprint image", "fingerprint scan",
    ]),
    entry(&BIOMETRIC, BIN, About::Anyone, &["fingerprint", "iris", "face"]).unless(&["pgp", "ssh", "key", "device", "browser", "content", "cert"]),
    entry(&BIOMETRIC, TEXT | BIN, About::Anyone, &["fingerprint"])
        .on(&["biometric", "patient"]).unless(&["pgp", "ssh", "key", "device", "browser", "content"]),

    // Q: pictures.
    entry(&PHOTO, TEXT | BIN, About::Person, &[
        "photo", "photo url", "picture", "picture url", "portrait", "image", "profile image", "face image", "photo key", "photo path",
        "avatar path", "avatar key", "picture path",
    ]).unless(&["cover", "product", "logo", "banner", "background", "card", "front", "back", "document", "company"]),
    entry(&PHOTO, TEXT | BIN, About::NotPlace, &[
        "avatar", "avatar url", "headshot", "selfie", "profile picture", "profile pic", "profile photo", "mugshot",
        "profile image", "headshot url", "selfie url", "facial photo", "patient photo", "id photo",
    ]),

    // R: whatever else is one person's alone.
    entry(&LOGIN, TEXT, About::NotPlace, &["username", "login name", "screen name", "user login"]),
    entry(&LOGIN, TEXT, About::Person, &["login", "handle", "twitter handle", "user id name", "logon name", "nick"]),
    entry(&CODE, DIGITS, About::NotPlace, &[
        "passport number", "passport", "national id", "national id number", "identity number", "national number",
        "identity card number", "id document number", "employee number", "employee id", "student number", "student id",
        "accession number", "study instance uid", "prescription number", "loyalty number", "fhir id", "provider uid",
        "citizen id", "voter id", "voter number", "staff number", "staff id", "patient code", "personal number",
        "identification number", "id number", "id card number", "residence permit number", "visa number",
        "government id", "aadhaar", "aadhaar number", "client number", "subject number", "external patient id",
    ]),
    entry(&CODE, DIGITS, About::Person, &[
        "customer number", "badge id", "badge number", "member number", "membership number", "external id", "user number",
    ]),
    entry(&CODE, DIGITS, About::People, &["badge id", "badge number", "skype"]).on(&["badge", "employee", "staff", "access"]),
    entry(&CODE, TEXT, About::Care, &["barcode", "skype handle", "accession", "specimen id", "sample number"]),
    entry(&GENOME, TEXT | BIN, About::Anyone, &["dna sequence", "genome", "genome sequence", "dna profile", "dna"]),

    // Facts about a person that are no identifiers.
    entry(&DEMOGRAPHIC, FACTS, About::People, &[
        "sex", "gender", "gender identity", "race", "ethnicity", "religion", "marital status", "sexual orientation",
        "pronoun", "ethnic group", "birth sex", "sex at birth", "civil status", "caste", "political party",
        "ethnic origin", "religious affiliation", "assigned sex", "legal sex",
    ]).unless(&["average"]),
    entry(&INCOME, DIGITS, About::People, &[
        "salary", "wage", "hourly rate", "hourly wage", "income", "monthly income", "annual income", "net worth",
        "credit score", "gross pay", "net pay", "gross", "base salary", "annual salary", "household income", "pay rate",
        "compensation", "bonus amount", "ytd gross", "fico score",
    ]).unless(&["company"]),

    // Clinical facts whose words mean nothing else.
    entry(&DIAGNOSIS, FACTS, About::Health, &[
        "diagnosis", "diagnosis code", "diagnosis text", "icd", "icd code", "snomed", "snomed code", "drg", "drg code",
        "comorbidity", "primary diagnosis", "diagnosis description", "dsm code", "problem list", "prognosis", "icd cm",
        "diagnosis note", "condition code", "disease", "disease code", "morbidity",
    ]),
    entry(&PROCEDURE, FACTS, About::Health, &["cpt", "cpt code", "hcpc", "hcpc code", "surgical procedure"]),
    entry(&MEDICATION, FACTS, About::Health, &[
        "medication", "medication name", "medication code", "dosage", "dose", "dose given", "ndc", "ndc code", "rxnorm",
        "rxnorm cui", "rxnorm code", "rxcui", "prescription", "current medication", "medication list", "dose unit",
        "drug name", "drug code",
    ]).unless(&["cache"]),
    entry(&ALLERGY, FACTS, About::Health, &["allergy", "allergen", "prescription allergy", "allergy list", "known allergy"]),
    entry(&VITAL, FACTS, About::Health, &[
        "blood pressure", "systolic", "diastolic", "heart rate", "respiratory rate", "oxygen saturation", "spo", "bmi",
        "body temp", "body temperature", "body weight", "blood pressure systolic", "blood pressure diastolic",
        "systolic blood pressure", "diastolic blood pressure", "pulse rate", "resting heart rate", "body mass index",
        "body height", "glucose", "blood glucose", "blood sugar", "gestational age",
    ]),
    entry(&LAB, FACTS, About::Health, &[
        "loinc", "loinc code", "lab result", "test result", "hba c", "a c", "cholesterol", "creatinine", "hemoglobin",
        "blood type", "blood group", "abo group", "hiv result", "lab value", "viral load", "genotype",
    ]).unless(&["unit"]),
    entry(&LAB, YES_NO, About::Health, &["hiv positive", "hiv status", "hepatitis positive", "covid positive", "std positive"]),
    entry(&IMMUNIZATION, FACTS, About::Health, &[
        "vaccine", "vaccine name", "vaccine code", "cvx", "cvx code", "immunization", "vaccination status",
        "immunization status",
    ]),
    entry(&SYMPTOM, FACTS, About::Health, &[
        "symptom", "chief complaint", "complaint history", "presenting complaint", "presenting problem", "pain score",
        "pain level", "triage level", "triage note", "reason for visit", "visit reason", "symptom text",
    ]),
    entry(&HISTORY, FACTS, About::Health, &[
        "medical history", "family history", "social history", "surgical history", "past medical history",
        "patient history", "health history", "obstetric history",
    ]),
    entry(&STATE, YES_NO, About::Health, &[
        "pregnant", "pregnancy status", "suicidal ideation", "smoker", "smoking status", "tobacco status", "tobacco use",
        "alcohol use", "drug use", "diabetic", "disability", "disability status", "disabled by illness", "substance use",
        "mental health status", "lactating", "breastfeeding", "fall risk", "dnr", "code status", "organ donor",
        "self harm", "is pregnant", "diabete",
    ]).unless(&["non"]),
    entry(&STATE, FACTS, About::Health, &[
        "phq score", "phq total", "gad score", "gad total", "health status", "functional status", "apgar", "apgar score",
        "gcs score", "audit c score", "mmse score", "risk of fall",
    ]),
    entry(&CARE_TEXT, WORDS, About::Health, &[
        "clinical note", "progress note", "discharge summary", "discharge instruction", "soap note", "soap subjective", "soap objective",
        "soap assessment", "soap plan", "treatment plan", "care plan", "doctor note", "nurse note", "nursing note",
        "visit note", "encounter note", "medical note", "pharmacist note", "patient note", "therapy note",
        "psychotherapy note", "operative note", "history of present illness", "review of system", "physical exam",
        "clinical summary", "visit summary", "pathology report", "radiology report", "consultation note",
    ]),

    // Clinical facts whose words mean other things elsewhere.
    entry(&DIAGNOSIS, FACTS, About::Care, &["condition", "problem", "term", "stage", "grade", "condition name", "impression", "finding", "severity", "clinical status"])
        .on(&["condition", "problem", "diagnosis", "event", "allergy", "disease", "finding", "cancer", "tumor", "report", "study", "reaction"]),
    entry(&PROCEDURE, FACTS, About::Care, &[
        "procedure", "procedure code", "procedure name", "modality", "body part", "body site", "anesthesia type", "blood loss",
        "surgery type", "laterality", "technique", "anesthesia", "service code", "treatment", "intervention",
    ]),
    entry(&MEDICATION, FACTS, About::Care, &[
        "sig", "direction", "frequency", "route", "drug", "strength", "instruction", "days supply", "quantity dispensed", "substance",
        "dosing", "regimen", "active ingredient",
    ]),
    entry(&ALLERGY, FACTS, About::Care, &["reaction", "severity", "substance", "criticality"]),
    entry(&VITAL, FACTS, About::Care, &["weight", "height", "temperature", "pulse", "respiration", "head circumference", "bpm", "oxygen", "steps", "sleep hour"]),
    entry(&LAB, FACTS, About::Care, &[
        "result", "test name", "test code", "specimen type", "allele", "interpretation", "abnormal flag", "analyte", "test", "gross description", "observation value",
        "finding", "microscopic finding", "observation", "observation code", "value numeric", "result unit value", "value text", "titer",
    ]),
    entry(&LAB, FACTS, About::Care, &["value", "reading", "value quantity"])
        .on(&["result", "lab", "reading", "vital", "observation", "measurement", "test"]).unless(&["old", "new"]),
    entry(&SYMPTOM, FACTS, About::Care, &["complaint", "reason", "referral reason", "injury", "withheld reason", "onset description", "reason code", "indication", "mechanism of injury"])
        .unless(&["cancel", "cancellation", "reject", "status", "delete", "void", "deleted"]),
    entry(&STATE, FACTS, About::Care, &["outcome", "disposition", "score", "total score", "risk level", "acuity", "mood", "goal", "progress", "functional level", "diet", "habit", "mobility level"])
        .unless(&["upload"]),
    entry(&CARE_TEXT, WORDS, About::Care, &[
        "note", "narrative", "body", "content", "text", "subject", "message", "answer", "description", "comment", "report", "report text", "response",
        "plan", "assessment", "subjective", "objective", "summary", "remark", "transcript", "follow up", "conclusion", "message body", "recommendation", "question", "feedback",
    ]).unless(&["type", "alt", "consent", "template", "status", "version", "form", "legal"]),

    // Ways in.
    entry(&PASSWORD, KEYS, About::Anyone, &["password", "passphrase", "pass code", "password salt hash", "pass"])
        .unless(&["no", "temporary flag"]),
    entry(&PIN, DIGITS, About::Anyone, &[
        "pin", "pin code", "otp", "otp code", "one time code", "verification code", "security code", "access code",
        "two factor code", "auth code", "mfa code", "sms code", "passcode", "confirmation code", "login code",
    ]),
    entry(&PIN, DIGITS, About::Anyone, &["code"]).on(&["verification", "otp", "mfa", "passcode", "confirmation", "onetime", "time"])
        .unless(&["error", "country", "status", "zip", "postal", "response", "currency", "language", "reason", "reject"]),
    entry(&MFA, KEYS, About::Anyone, &[
        "mfa secret", "totp secret", "otp secret", "two factor secret", "backup code", "recovery code", "totp seed",
        "mfa backup code", "totp key", "recovery key", "otp seed", "mfa seed",
    ]),
    entry(&TOKEN, KEYS, About::Anyone, &["token", "jwt", "bearer", "session key", "session token", "magic link", "cookie"])
        .unless(&[
            "page", "next", "continuation", "cursor", "sync", "public", "csrf", "xsrf", "idempotency", "max",
            "prompt", "completion", "input", "output", "change", "fencing",
        ]),
    entry(&TOKEN, KEYS, About::Anyone, &["sid", "session id"]).on(&["session"]),
    entry(&SECRET_KEY, KEYS, About::Anyone, &[
        "secret", "client secret", "signing secret", "webhook secret", "auth secret", "secret key", "private key",
        "encryption key", "api key", "access key", "secret access key", "signing key", "master key", "shared secret",
        "app secret", "hmac key", "license secret", "api secret", "ssh private key", "decryption key", "data key",
        "service account key", "credential", "wrapped key",
    ]).unless(&["is", "non"]),
    entry(&SECRET_KEY, KEYS, About::Anyone, &["key"]).on(&["api", "apikey"]),
    entry(&ANSWER, WORDS, About::Anyone, &["security answer", "secret answer", "challenge answer"]),
    entry(&ANSWER, WORDS, About::Anyone, &["answer"]).on(&["security"]),
    entry(&CARD_CODE, DIGITS, About::Anyone, &["cvv", "cvc", "card cvv", "card cvc", "card security code", "cvv code"]),
];
