//! A column's name as words of the dictionary: abbreviations written out, spellings made one.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::facts::words::words;

/// What an abbreviation or a run-together word stands for. Sorted by the short form.
const EXPANSIONS: &[(&str, &str)] = &[
    ("acc", "account"),
    ("accnt", "account"),
    ("accountno", "account number"),
    ("accountnumber", "account number"),
    ("acct", "account"),
    ("acctno", "account number"),
    ("addr", "address"),
    ("adr", "address"),
    ("amb", "ambulance"),
    ("apikey", "api key"),
    ("apt", "apartment"),
    ("bdate", "birth date"),
    ("bday", "birth date"),
    ("birthdate", "birth date"),
    ("birthday", "birth date"),
    ("bp", "blood pressure"),
    ("cardno", "card number"),
    ("cardnumber", "card number"),
    ("cellphone", "cell phone"),
    ("cert", "certificate"),
    ("certification", "certificate"),
    ("creditcard", "credit card"),
    ("dateofbirth", "date of birth"),
    ("deathdate", "death date"),
    ("displayname", "display name"),
    ("dob", "date of birth"),
    ("dod", "date of death"),
    ("dos", "date of service"),
    ("dt", "date"),
    ("dx", "diagnosis"),
    ("emailaddress", "email address"),
    ("emp", "employee"),
    ("faxno", "fax"),
    ("faxnumber", "fax"),
    ("firstname", "first name"),
    ("fname", "first name"),
    ("forename", "first name"),
    ("fullname", "full name"),
    ("givenname", "given name"),
    ("homephone", "home phone"),
    ("hx", "history"),
    ("ins", "insurance"),
    ("ipaddr", "ip address"),
    ("ipaddress", "ip address"),
    ("lastname", "last name"),
    ("latitude", "latitude"),
    ("lic", "license"),
    ("licence", "license"),
    ("licenseplate", "license plate"),
    ("lname", "last name"),
    ("logon", "login"),
    ("macaddr", "mac address"),
    ("macaddress", "mac address"),
    ("maidenname", "maiden name"),
    ("mbr", "member"),
    ("meds", "medication"),
    ("middlename", "middle name"),
    ("mname", "middle name"),
    ("mob", "mobile"),
    ("mobileno", "mobile"),
    ("mobilephone", "mobile phone"),
    ("nbr", "number"),
    ("nickname", "nick name"),
    ("nm", "name"),
    ("no", "number"),
    ("nr", "number"),
    ("num", "number"),
    ("passcode", "pass code"),
    ("passwd", "password"),
    ("pat", "patient"),
    ("ph", "phone"),
    ("phn", "phone"),
    ("phoneno", "phone"),
    ("phonenum", "phone"),
    ("phonenumber", "phone"),
    ("postalcode", "postal code"),
    ("postcode", "postal code"),
    ("pt", "patient"),
    ("pw", "password"),
    ("pwd", "password"),
    ("rec", "record"),
    ("rx", "prescription"),
    ("ssnumber", "ssn"),
    ("streetaddress", "street address"),
    ("surname", "last name"),
    ("tel", "phone"),
    ("telephone", "phone"),
    ("telno", "phone"),
    ("usr", "user"),
    ("voiceprint", "voice print"),
    ("zipcode", "zip code"),
];

/// Pairs that are one word.
const PAIRS: &[(&str, &str, &str)] = &[
    ("e", "mail", "email"),
    ("finger", "print", "fingerprint"),
    ("home", "page", "homepage"),
    ("log", "in", "login"),
    ("pass", "word", "password"),
    ("pass", "phrase", "passphrase"),
    ("soc", "sec", "social security"),
    ("user", "name", "username"),
    ("web", "site", "website"),
];

/// The words of names, written out once: many tables have columns of one name.
#[derive(Debug, Default)]
pub(crate) struct Names<'a> {
    known: RefCell<HashMap<&'a str, Rc<[String]>>>,
}

impl<'a> Names<'a> {
    /// The words of a name.
    pub(super) fn tokens(&self, name: &'a str) -> Rc<[String]> {
        let mut known = self.known.borrow_mut();
        known.entry(name).or_insert_with(|| tokens(name).into()).clone()
    }
}

/// The words of a name, written out.
pub(super) fn tokens(name: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    for word in words(name) {
        // "No" before a noun denies it; after one it numbers it.
        if word == "no" && tokens.is_empty() {
            tokens.push(word);
            continue;
        }
        let pair = tokens.last().and_then(|last| {
            PAIRS.iter().find(|(first, second, _)| first == last && *second == word)
        });
        if let Some((_, _, one)) = pair {
            tokens.pop();
            tokens.extend(one.split(' ').map(str::to_owned));
            continue;
        }
        match EXPANSIONS.binary_search_by_key(&word.as_str(), |(short, _)| short) {
            Ok(at) => {
                let long = EXPANSIONS.get(at).map_or(word.as_str(), |(_, long)| long);
                tokens.extend(long.split(' ').map(str::to_owned));
            }
            Err(_) => tokens.push(word),
        }
    }
    // Digits end a word and are dropped, but the last four of a number are a thing of their own.
    if tokens.last().is_some_and(|last| last == "last") && name.ends_with('4')
        || matches!(tokens.as_slice(), [.., last, four] if last == "last" && four == "four")
    {
        if tokens.last().is_some_and(|word| word == "four") {
            tokens.pop();
        }
        tokens.pop();
        tokens.push("lastfour".to_owned());
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_abbreviations_out() {
        assert!(EXPANSIONS.is_sorted_by_key(|(short, _)| *short));
        for (name, expect) in [
            ("patDOB", "patient date of birth"),
            ("MRNNumber", "mrn number"),
            ("eMailAddress", "email address"),
            ("tel_no", "phone number"),
            ("no_show", "no show"),
            ("card_last4", "card lastfour"),
            ("lastFour", "lastfour"),
            ("ssn_last_4", "ssn lastfour"),
            ("last_login", "last login"),
            ("socSecNo", "social security number"),
            ("userName", "username"),
            ("icd10Code", "icd code"),
        ] {
            assert_eq!(tokens(name).join(" "), expect, "{name}");
        }
    }
}
