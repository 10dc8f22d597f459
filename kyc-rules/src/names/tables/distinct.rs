//! Names that differ by little.

/// Groups of names that differ by little and are yet different names: one person does not have two
/// of a group by a slip of the pen.
pub(in crate::names) const DISTINCT: &[&[&str]] = &[
    // Kikuyu
    &[
        "wanjiku", "wanjiru", "wangari", "wanjira", "wangui", "wangeci",
    ],
    &["wambui", "wambua", "wairimu", "waithira"],
    &["kamau", "kamande", "karanja"],
    &["mwangi", "mwaura", "mwaniki", "mwanzia", "mwanza"],
    // Kalenjin
    &[
        "kiprono",
        "kiprop",
        "kiprotich",
        "kipruto",
        "kiprugut",
        "kipkorir",
        "kipkoech",
        "kipchumba",
        "kipchirchir",
        "kiplagat",
        "kiplimo",
        "kipkemboi",
    ],
    &[
        "jepkorir",
        "jepkoech",
        "jepchumba",
        "jepkosgei",
        "jepkemboi",
        "jeptoo",
        "jebet",
    ],
    &[
        "chebet",
        "cheptoo",
        "chepkorir",
        "chepkoech",
        "cheruto",
        "cheruiyot",
    ],
    // Akan day names
    &["kwame", "kwaku", "kwasi", "kwadwo", "kwabena"],
    &["kofi", "kojo", "kobina"],
    &["ama", "afua", "akua", "adwoa", "abena", "akosua"],
    // Yoruba and Igbo
    &["adebayo", "adebola", "adewale", "adeyemi", "adeola"],
    &["olumide", "olamide", "olajide"],
    &["chinedu", "chinedum", "chidi", "chike", "chima"],
    &["chioma", "chinwe", "chika", "chinyere"],
    &["nneka", "nkechi", "nkiru"],
    // Uganda and Rwanda
    &["nakato", "nakate", "nakito"],
    &["mukasa", "namukasa"],
    &["ssentongo", "nassentongo"],
    &["uwase", "uwera", "uwimana", "uwamahoro", "uwineza"],
    &["mukamana", "mukarugwiza", "mukeshimana"],
    &["okello", "okecho", "okeyo"],
    // Surnames of Northern Europe
    &["hansen", "jansen", "jensen", "janssen"],
    // Directions
    &["northern", "southern", "eastern", "western"],
    &["north", "south", "east", "west"],
    // Given names of men and of women, and longer names that only begin alike
    &["joseph", "josephat", "josephine"],
    &["claude", "claudine", "claudette"],
    &["paul", "paula", "pauline", "paulina"],
    &["daniel", "daniela", "danielle"],
    &["christian", "christine", "christina", "christopher"],
    &["john", "joan", "joanna", "jonathan"],
    &["martin", "martina", "martine"],
    &["eric", "erica"],
    &["francis", "frances", "francisca"],
    &["alex", "alexa", "alexia"],
    &["simon", "simone"],
    &["andre", "andrea"],
    &["oleg", "olga"],
    &["angelo", "angela"],
];
