//! Words in names of people.

/// Dropped at the front of a person's name.
pub(in crate::names) const TITLES: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "dr",
    "prof",
    "sir",
    "madam",
    "madame",
    "monsieur",
    "mme",
    "mlle",
    "hon",
    "honourable",
    "rev",
    "reverend",
    "father",
    "sister",
    "haji",
    "hajji",
    "hajj",
    "alhaji",
    "alhaja",
    "sheikh",
    "shaikh",
    "sheik",
    "chief",
    "nana",
    "eng",
    "engr",
    "adv",
    "capt",
    "col",
    "gen",
    "general",
    "lt",
    "maj",
    "sgt",
    "senator",
    "president",
    "prince",
    "princess",
    "mwalimu",
    "mzee",
    "herr",
    "frau",
    "sr",
    "don",
    "dona",
    "mullah",
    "maulavi",
    "mawlawi",
    "hafiz",
    "sayyid",
];

/// Hardly says anything.
pub(in crate::names) const PARTICLES: &[&str] = &[
    "al", "el", "ul", "ur", "an", "as", "ad", "de", "da", "do", "dos", "das", "del", "della",
    "der", "den", "di", "du", "la", "le", "les", "van", "von", "zu", "y", "e", "of", "the", "and",
    "for", "und", "et", "in", "on", "at", "aka",
];

/// Says whose child somebody is.
pub(in crate::names) const PATRONYMS: &[&str] = &[
    "bin", "ben", "ibn", "bint", "binti", "ould", "wa", "arap", "ole", "ap", "bt", "binte",
];

/// The Arabic article, with what the sound after it makes of it.
pub(in crate::names) const ARTICLES: &[&str] = &[
    "al", "el", "ul", "ur", "ar", "er", "as", "es", "ad", "ed", "an", "en", "ash", "at", "az",
];

/// Begins a name that goes on with the next word.
pub(in crate::names) const SERVANT: &[&str] = &["abd", "abdul", "abdel", "abdal", "abdur", "abdu"];

/// Words that begin long Yoruba and Igbo names and fall away in everyday use.
pub(in crate::names) const SHORTENED: &[&str] = &[
    "oluwa", "olu", "ola", "ade", "ayo", "ifa", "omo", "temi", "chukwu", "chi", "nna", "ogo",
    "obi", "ike", "uche", "nwa", "abiodun", "baba",
];

/// Everyday forms of given names.
pub(in crate::names) const EVERYDAY: &[(&str, &str)] = &[
    ("bill", "william"),
    ("will", "william"),
    ("bob", "robert"),
    ("rob", "robert"),
    ("dick", "richard"),
    ("jim", "james"),
    ("jimmy", "james"),
    ("joe", "joseph"),
    ("jack", "john"),
    ("johnny", "john"),
    ("mike", "michael"),
    ("mick", "michael"),
    ("dave", "david"),
    ("steve", "stephen"),
    ("steven", "stephen"),
    ("tony", "anthony"),
    ("tom", "thomas"),
    ("ed", "edward"),
    ("ted", "edward"),
    ("alex", "alexander"),
    ("sasha", "alexander"),
    ("liz", "elizabeth"),
    ("beth", "elizabeth"),
    ("betty", "elizabeth"),
    ("kate", "catherine"),
    ("kathy", "catherine"),
    ("peggy", "margaret"),
    ("maggie", "margaret"),
    ("sue", "susan"),
    ("charlie", "charles"),
    ("chuck", "charles"),
    ("dan", "daniel"),
    ("danny", "daniel"),
    ("sam", "samuel"),
    ("ben", "benjamin"),
    ("greg", "gregory"),
    ("jeff", "jeffrey"),
    ("ken", "kenneth"),
    ("larry", "lawrence"),
    ("pat", "patrick"),
    ("pete", "peter"),
    ("ron", "ronald"),
    ("vlad", "vladimir"),
    ("volodymyr", "vladimir"),
    ("misha", "mikhail"),
    ("kolya", "nikolai"),
    ("dima", "dmitry"),
    ("manny", "emmanuel"),
];
