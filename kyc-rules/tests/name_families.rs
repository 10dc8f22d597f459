//! Names by family of spelling: how one name is written in several systems, beside names that look
//! as near and are others. The pairs are not part of the labelled set the constants were chosen on.
//!
//! Sources of the variants: BGN/PCGN and ISO 9 romanisation of Russian and Ukrainian, DIN 1460 and
//! the German Duden transcription; ALA-LC and French colonial spelling of Arabic; the tables of
//! Hanyu Pinyin and Wade-Giles, Cantonese surnames as in Hong Kong identity cards; spellings of the
//! same West African surnames in French- and English-speaking states (Diallo, Jalloh); Swahili
//! forms of Arabic names (Rashid, Rashidi); civil registers' everyday forms.
#![cfg(feature = "translit")]

use kyc_rules::names::{Name, NameKind, compare};

/// From here on two names are taken for one.
const THRESHOLD: u32 = 7_250;

struct Family {
    name: &'static str,
    kind: NameKind,
    same: &'static [(&'static str, &'static str)],
    other: &'static [(&'static str, &'static str)],
}

const FAMILIES: &[Family] = &[
    Family {
        name: "arabic",
        kind: NameKind::Person,
        same: &[
            ("Muammar Gaddafi", "Moammar Qadhafi"),
            ("Muammar Gaddafi", "Muammar al-Kadhafi"),
            ("Mohammed Yusuf", "Muhammad Youssef"),
            ("Mohd Yusof", "Muhammad Yusuf"),
            ("Saddam Hussein", "Saddam Husayn"),
            ("Osama bin Laden", "Usama bin Ladin"),
            ("Abd al-Rahman Omar", "Abdurrahman Umar"),
            ("Abdelrahman Omar", "Abd ar-Rahman Umar"),
            ("Abdallah Saleh", "Abdullah Salih"),
            ("Khaled Nasser", "Khalid Nasir"),
            ("Gamal Abdel Nasser", "Jamal Abd al-Nasir"),
            ("Abdel Fattah el-Sisi", "Abdul Fatah Al Sisi"),
            ("Abdel Fattah Elsisi", "Abd al-Fattah al-Sisi"),
            ("Mustafa Soliman", "Moustafa Suleiman"),
            ("Zeinab Fatma", "Zaynab Fatimah"),
            ("Ayesha Khadija", "Aisha Khadijah"),
            ("Aicha Cherif", "Aisha Sherif"),
            ("Ebrahim Raisi", "Ibrahim Raissi"),
            ("Noureddine Benali", "Nur al-Din Ben Ali"),
            ("Djamel Bouteflika", "Jamal Butaflika"),
            ("Said Ould Cheikh", "Saeed Ould Sheikh"),
            ("محمد يوسف", "Muhammad Yusuf"),
            ("خالد حسن", "Khalid Hassan"),
        ],
        other: &[
            ("Hassan Ali", "Hussein Ali"),
            ("Khalid Omar", "Khalil Omar"),
            ("Yusuf Ibrahim", "Yunus Ibrahim"),
            ("Jamal Hassan", "Kamal Hassan"),
            ("Salim Abdallah", "Salma Abdallah"),
            ("Ahmed Nasser", "Hamid Nasser"),
            ("Abdul Rahman Omar", "Abdul Rahim Omar"),
            ("Abdul Karim", "Abdul Kadir"),
            ("Amina Yusuf", "Amira Yusuf"),
            ("Rashid Said", "Rashad Saad"),
        ],
    },
    Family {
        name: "cyrillic",
        kind: NameKind::Person,
        same: &[
            ("Yevgeny Prigozhin", "Evgenii Prigozhin"),
            ("Jewgeni Prigoschin", "Yevgeny Prigozhin"),
            ("Aleksandr Lukashenko", "Alexander Lukashenka"),
            ("Sergey Shoygu", "Sergei Shoigu"),
            ("Dmitriy Medvedev", "Dmitri Medwedew"),
            ("Yuriy Andropov", "Iurii Andropov"),
            ("Nikita Khrushchev", "Nikita Chruschtschow"),
            ("Mikhail Gorbachev", "Michail Gorbatschow"),
            ("Boris Yeltsin", "Boris Jelzin"),
            ("Boris Yeltsin", "Boris Eltsin"),
            ("Pyotr Tchaikovsky", "Petr Chaikovskii"),
            ("Vladimir Zhirinovsky", "Wladimir Schirinowski"),
            ("Nikolay Shcherbakov", "Nikolai Schtscherbakow"),
            ("Yulia Navalnaya", "Julija Nawalnaja"),
            ("Andrey Kozyrev", "Andrei Kosyrew"),
            ("Владимир Путин", "Wladimir Putin"),
            ("Евгений Примаков", "Yevgeny Primakov"),
            ("Юлия Тимошенко", "Yulia Tymoshenko"),
            ("Сергей Щербаков", "Sergey Shcherbakov"),
            ("Mykola Azarov", "Микола Азаров"),
        ],
        other: &[
            ("Sergei Ivanov", "Sergei Ivanenko"),
            ("Alexei Petrov", "Andrei Petrov"),
            ("Viktor Medvedev", "Viktor Medvedchuk"),
            ("Maria Popova", "Marina Popova"),
            ("Dmitri Volkov", "Dmitri Vlasov"),
            ("Igor Sechin", "Igor Sechenov"),
            ("Boris Kozlov", "Boris Kotov"),
        ],
    },
    Family {
        name: "chinese",
        kind: NameKind::Person,
        same: &[
            ("Mao Zedong", "Mao Tse-tung"),
            ("Zhou Enlai", "Chou En-lai"),
            ("Deng Xiaoping", "Teng Hsiao-ping"),
            ("Xi Jinping", "Jinping Xi"),
            ("Zhang Xueliang", "Chang Hsueh-liang"),
            ("Lin Biao", "Lin Piao"),
            ("Jiang Qing", "Chiang Ching"),
            ("Li Keqiang", "LI Ke Qiang"),
            ("Wong Kar Wai", "Wong Kar-wai"),
            ("Zhu De", "Chu Teh"),
            ("毛泽东", "Mao Zedong"),
            ("王小明", "Wang Xiaoming"),
            ("张伟", "Zhang Wei"),
        ],
        other: &[
            ("Li Wei", "Li Wen"),
            ("Zhang Wei", "Zheng Wei"),
            ("Chen Ming", "Cheng Ning"),
            ("Wang Fang", "Wang Fei"),
            ("Liu Yang", "Li Yang"),
            ("Wu Jing", "Xu Jing"),
        ],
    },
    Family {
        name: "african",
        kind: NameKind::Person,
        same: &[
            ("Mamadou Diallo", "Mamadu Jallow"),
            ("Amadou Diallo", "Ahmadu Jalloh"),
            ("Ousmane Cissé", "Usman Ceesay"),
            ("Alpha Touré", "Alfa Turay"),
            ("Fatou Camara", "Fatu Kamara"),
            ("Cheikh Ndiaye", "Sheikh Njie"),
            ("Ibrahima Ouattara", "Ibrahim Watara"),
            ("Djibril Koné", "Jibril Kone"),
            ("Olusegun Obasanjo", "Segun Obasanjo"),
            ("Babatunde Fashola", "Tunde Fashola"),
            ("Oluwafemi Adeyemi", "Femi Adeyemi"),
            ("Chinonso Eze", "Nonso Eze"),
            ("Muhammadu Buhari", "Muhammad Buhari"),
            ("Abubakar Shekau", "Abubakr Shekau"),
            ("Rashidi Juma", "Rashid Juma"),
            ("Hamisi Bakari", "Khamis Bakari"),
            ("Selemani Athumani", "Suleiman Athuman"),
            ("Saidi Hassani", "Said Hassan"),
            ("Nnamukasa Ruth", "Namukasa Ruth"),
            ("Odhiambo Peter", "Odiambo Peter"),
            ("Ng'ang'a Joseph", "Nganga Joseph"),
            ("Mekonnen Tesfaye", "Makonnen Tesfai"),
            ("Ghebre Haile", "Gebre Hayle"),
            ("Habimana Jean Pierre", "Habimana Jean-Pierre"),
            ("Wangũi Njoki", "Wangui Njoki"),
            ("Kwabena Owusu-Ansah", "Kwabena Owusu Ansah"),
        ],
        other: &[
            ("Mamadou Diallo", "Mamadou Diarra"),
            ("Ibrahim Kamara", "Ibrahim Konteh"),
            ("Juma Hamisi", "Jumanne Hamisi"),
            ("Okello Francis", "Okecho Francis"),
            ("Nakato Rose", "Nakanwagi Rose"),
            ("Mwangi Peter", "Mwanzia Peter"),
            ("Odhiambo James", "Odhiambo Jane"),
            ("Chidi Obi", "Chidinma Obi"),
            ("Tesfaye Abebe", "Tesfaye Bekele"),
            ("Otieno Paul", "Atieno Pauline"),
            ("Akello Grace", "Apio Grace"),
        ],
    },
    Family {
        name: "european",
        kind: NameKind::Person,
        same: &[
            ("Jürgen Müller", "Juergen Mueller"),
            ("Strauß, Hans-Jörg", "Hans Joerg Strauss"),
            ("Åse Sørensen", "Aase Soerensen"),
            ("João Gonçalves", "Joao Goncalves"),
            ("Juan Carlos Ximénez", "Juan C. Jiménez"),
            ("Bob Smith", "Robert Smith"),
            ("Kate O'Brien", "Catherine OBrien"),
            ("Katherine Macdonald", "Catherine MacDonald"),
            ("Liz Taylor-Young", "Elizabeth Taylor Young"),
            ("J. R. R. Tolkien", "John Ronald Reuel Tolkien"),
            ("van der Bellen, Alexander", "Alexander Vanderbellen"),
            ("Charles de Gaulle", "Charles De-Gaulle"),
            ("Maria da Silva", "Maria Silva"),
            ("Sinéad O’Connor", "Sinead O Connor"),
            ("Nikos Papadopoulos", "Νίκος Παπαδόπουλος"),
            ("Nguyễn Văn Hùng", "Nguyen Van Hung"),
            ("Smith, John Q.", "John Smith"),
            ("DE LA CRUZ Maria", "Maria Delacruz"),
        ],
        other: &[
            ("John Smith", "John Smythson"),
            ("Michael Braun", "Michael Bauer"),
            ("Anna Schmidt", "Anne-Marie Schmitz"),
            ("J. Smith", "K. Smith"),
            ("Robert Miller", "Roberta Miller"),
            ("Maria Garcia", "Mario Garcia"),
            ("Peter Hansen", "Peter Jansen"),
            ("Jean Dupont", "Jean Durand"),
        ],
    },
    Family {
        name: "organisations",
        kind: NameKind::Organisation,
        same: &[
            ("Acme Trading (Pty) Ltd", "Acme Trading Proprietary Limited"),
            ("Kilimo Fresh S.A.R.L.", "Kilimo Fresh SARL"),
            ("Banco Norte S. A.", "Banco Norte SA"),
            ("J P Morgan Chase", "JPMorgan Chase"),
            ("Nordwind GmbH & Co. KG", "Nordwind GmbH und Co KG"),
            ("Petra Mining Sdn. Bhd.", "Petra Mining Sdn Bhd"),
            ("Orient Shipping Pte Ltd", "Orient Shipping Pte. Limited"),
            ("Akmal A.Ş.", "Akmal Anonim Sirketi"),
            ("Delta Foods S.A. de C.V.", "Delta Foods SA de CV"),
            ("First Bank of Nigeria Plc", "1st Bank of Nigeria"),
            (
                "Kampala City Traders Association",
                "Kampala City Traders Assoc.",
            ),
            (
                "Mwalimu Co-operative Society Ltd",
                "Mwalimu Cooperative Society Limited",
            ),
            ("Rosneft PAO", "Rosneft Public Joint Stock Company"),
            ("Sunrise Intl Ltd", "Sunrise International Limited"),
            ("Global Mfg Co", "Global Manufacturing Company"),
        ],
        other: &[
            ("Kampala Traders Ltd", "Kampala Builders Ltd"),
            ("Equity Bank Rwanda", "Equity Bank Tanzania"),
            ("Delta Foods Ltd", "Delta Fuels Ltd"),
            ("Alpha Microfinance", "Alpha Insurance"),
            ("Unit 731 Holdings", "Unit 732 Holdings"),
            ("Northern Oil Company", "Southern Oil Company"),
        ],
    },
];

/// Written after the spellings were known to the tables, and never looked at before the first run:
/// what to expect of names nobody tuned for.
const UNSEEN: [Family; 2] = [
    Family {
        name: "unseen people",
        kind: NameKind::Person,
        same: &[
            ("Mohammed Abdulaziz", "Mohamed Abdul Aziz"),
            ("Hosni Mubarak", "Husni Mubarak"),
            ("Bashar al-Assad", "Bachar el-Assad"),
            ("Ayman al-Zawahiri", "Aiman Az-Zawahiri"),
            ("Moqtada al-Sadr", "Muqtada as-Sadr"),
            ("Ali Khamenei", "Aly Khamenei"),
            ("Rached Ghannouchi", "Rashid al-Ghannushi"),
            ("Viktor Yanukovych", "Wiktor Janukowytsch"),
            ("Leonid Brezhnev", "Leonid Breschnew"),
            ("Alexander Solzhenitsyn", "Alexandr Solschenizyn"),
            ("Ramzan Kadyrov", "Ramsan Kadyrow"),
            ("Peng Dehuai", "P'eng Te-huai"),
            ("Hua Guofeng", "Hua Kuo-feng"),
            ("Kofi Busia", "Koffi Busia"),
            ("Blaise Compaoré", "Blaise Compaore"),
            ("Goodluck Ebele Jonathan", "Goodluck E. Jonathan"),
            ("Uhuru Kenyatta", "Kenyatta Uhuru Muigai"),
            ("Salva Kiir Mayardit", "Salva Kiir"),
            ("Omar al-Bashir", "Umar Hassan Ahmad al-Bashir"),
            ("Isaias Afwerki", "Isayas Afewerki"),
            ("Meles Zenawi", "Mälläs Zenawi"),
            ("Hastings Kamuzu Banda", "Banda, Hastings K."),
            ("François Mitterrand", "Francois Miterrand"),
            ("Lech Wałęsa", "Lech Walesa"),
            ("Tayyip Erdoğan", "Tayip Erdogan"),
        ],
        other: &[
            ("Yoweri Museveni", "Janet Museveni"),
            ("Hassan Rouhani", "Hassan Nasrallah"),
            ("Grace Achieng", "Grace Akinyi"),
            ("Musa Juma", "Musa Jumbe"),
            ("Paul Kagame", "Paul Kagimu"),
            ("Wei Zhang", "Wei Zhao"),
            ("Ivan Petrenko", "Ivan Petrov"),
            ("Karim Benzema", "Kasim Benzema"),
            ("Mary Wambui", "Mary Wambugu"),
            ("Daniel Kiptoo", "Daniel Kipkoech"),
            ("Peter Mutua", "Peter Mutai"),
            ("Fatima Diop", "Fatima Diouf"),
            ("Chukwuma Obi", "Chukwudi Obi"),
            ("Alice Nabukenya", "Alice Nabukalu"),
        ],
    },
    Family {
        name: "unseen organisations",
        kind: NameKind::Organisation,
        same: &[
            ("Kampala Cement Co. Ltd", "Kampala Cement Company Limited"),
            ("Safaricom PLC", "Safaricom Public Limited Company"),
            (
                "Tullow Oil (Uganda) Pty Ltd",
                "Tullow Oil Uganda (Pty) Limited",
            ),
            (
                "Jubilee Ins. Co. of Kenya",
                "Jubilee Insurance Company of Kenya",
            ),
            (
                "Lake Victoria Fisheries Org.",
                "Lake Victoria Fisheries Organization",
            ),
        ],
        other: &[
            ("Nile Breweries Ltd", "Nile Bakeries Ltd"),
            ("Centenary Bank", "Century Bank"),
            ("Tororo Cement Ltd", "Hima Cement Ltd"),
        ],
    },
];

fn score(kind: NameKind, (a, b): (&str, &str)) -> u32 {
    let (a, b) = (Name::new(a, kind), Name::new(b, kind));
    compare(&a, &b).score.min(compare(&b, &a).score)
}

/// F1 in parts of 10,000 over families, and what is judged wrongly.
fn judged(families: &[Family]) -> u32 {
    let (mut hits, mut missed, mut wrong) = (0_u32, 0_u32, 0_u32);
    for family in families {
        let (mut own_missed, mut own_wrong) = (0_u32, 0_u32);
        for pair in family.same {
            let found = score(family.kind, *pair);
            if found < THRESHOLD {
                println!("{}: missed {pair:?} at {found}", family.name);
                own_missed += 1;
            }
        }
        for pair in family.other {
            let found = score(family.kind, *pair);
            if found >= THRESHOLD {
                println!("{}: taken for one {pair:?} at {found}", family.name);
                own_wrong += 1;
            }
        }
        let own = u32::try_from(family.same.len()).unwrap() - own_missed;
        let (same, other) = (family.same.len(), family.other.len());
        println!(
            "{}: {own} of {same} found, {own_wrong} of {other} taken for one",
            family.name
        );
        hits += own;
        missed += own_missed;
        wrong += own_wrong;
    }
    let f1 = 20_000 * hits / (2 * hits + missed + wrong);
    println!("{hits} found, {missed} missed, {wrong} taken for one: F1 {f1}");
    f1
}

#[test]
fn families_of_spelling() {
    assert!(judged(FAMILIES) >= 9_500);
}

#[test]
fn names_nobody_tuned_for() {
    assert!(judged(&UNSEEN) >= 8_200);
}
