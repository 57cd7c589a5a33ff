//! Countries by name.

/// Returns the [ISO 3166-1 alpha-2](https://www.iso.org/iso-3166-country-codes.html) code of a
/// country, given its English name or the code itself. Case is ignored.
///
/// `None` for everything else, including regions such as `European Union`.
pub fn code(name: &str) -> Option<&'static str> {
    let name = name.trim();
    // `UK` is not a code, but common. The list has it as a name.
    entries()
        .find(|(code, known)| known.eq_ignore_ascii_case(name) || code.eq_ignore_ascii_case(name))
        .map(|it| it.0)
}

fn entries() -> impl Iterator<Item = (&'static str, &'static str)> {
    COUNTRIES
        .split('|')
        .filter_map(|entry| entry.split_once(' '))
}

/// Pairs of code and name. A country with several names is listed once for each.
const COUNTRIES: &str = "\
    AF Afghanistan|AL Albania|DZ Algeria|AD Andorra|AO Angola|AG Antigua and Barbuda|AR Argentina|AM Armenia|\
    AU Australia|AT Austria|AZ Azerbaijan|BS Bahamas|BH Bahrain|BD Bangladesh|BB Barbados|BY Belarus|BE Belgium|\
    BZ Belize|BJ Benin|BM Bermuda|BT Bhutan|BO Bolivia|BA Bosnia and Herzegovina|BW Botswana|BR Brazil|BN Brunei|\
    BG Bulgaria|BF Burkina Faso|BI Burundi|KH Cambodia|CM Cameroon|CA Canada|CV Cape Verde|KY Cayman Islands|\
    CF Central African Republic|TD Chad|CL Chile|CN China|CO Colombia|KM Comoros|CR Costa Rica|HR Croatia|CU Cuba|\
    CY Cyprus|CZ Czech Republic|CZ Czechia|DK Denmark|DJ Djibouti|DM Dominica|DO Dominican Republic|EC Ecuador|\
    EG Egypt|SV El Salvador|GQ Equatorial Guinea|ER Eritrea|EE Estonia|SZ Eswatini|ET Ethiopia|FO Faroe Islands|\
    FJ Fiji|FI Finland|FR France|FR France, Metropolitan|GA Gabon|GM Gambia|GE Georgia|DE Germany|GH Ghana|\
    GI Gibraltar|GR Greece|GL Greenland|GD Grenada|GT Guatemala|GG Guernsey|GN Guinea|GW Guinea-Bissau|GY Guyana|\
    HT Haiti|HN Honduras|HK Hong Kong|HU Hungary|IS Iceland|IN India|ID Indonesia|IR Iran|IQ Iraq|IE Ireland|\
    IM Isle of Man|IL Israel|IT Italy|CI Ivory Coast|JM Jamaica|JP Japan|JE Jersey|JO Jordan|KZ Kazakhstan|\
    KE Kenya|KI Kiribati|XK Kosovo|KW Kuwait|KG Kyrgyzstan|LA Laos|LV Latvia|LB Lebanon|LS Lesotho|LR Liberia|\
    LY Libya|LI Liechtenstein|LT Lithuania|LU Luxembourg|MO Macao|MG Madagascar|MW Malawi|MY Malaysia|MV Maldives|\
    ML Mali|MT Malta|MH Marshall Islands|MR Mauritania|MU Mauritius|MX Mexico|FM Micronesia|MD Moldova|MC Monaco|\
    MN Mongolia|ME Montenegro|MA Morocco|MZ Mozambique|MM Myanmar|NA Namibia|NR Nauru|NP Nepal|NL Netherlands|\
    NL The Netherlands|NZ New Zealand|NI Nicaragua|NE Niger|NG Nigeria|KP North Korea|MK North Macedonia|\
    NO Norway|OM Oman|PK Pakistan|PW Palau|PS Palestine|PA Panama|PG Papua New Guinea|PY Paraguay|PE Peru|\
    PH Philippines|PL Poland|PT Portugal|PR Puerto Rico|QA Qatar|RO Romania|RU Russia|RW Rwanda|WS Samoa|\
    SM San Marino|SA Saudi Arabia|SN Senegal|RS Serbia|SC Seychelles|SL Sierra Leone|SG Singapore|SK Slovakia|\
    SI Slovenia|SB Solomon Islands|SO Somalia|ZA South Africa|KR South Korea|SS South Sudan|ES Spain|LK Sri Lanka|\
    SD Sudan|SR Suriname|SE Sweden|CH Switzerland|SY Syria|TW Taiwan|TJ Tajikistan|TZ Tanzania|TH Thailand|\
    TL Timor-Leste|TG Togo|TO Tonga|TT Trinidad and Tobago|TN Tunisia|TR Turkey|TR Türkiye|TM Turkmenistan|\
    TV Tuvalu|UG Uganda|UA Ukraine|AE United Arab Emirates|AE UAE|GB United Kingdom|GB UK|GB Great Britain|\
    US United States|US United States of America|US USA|US U.S.|UY Uruguay|UZ Uzbekistan|VU Vanuatu|\
    VA Vatican City|VE Venezuela|VN Vietnam|YE Yemen|ZM Zambia|ZW Zimbabwe";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_country_is_found_by_name_or_code() {
        for (name, expected) in [
            ("Germany", Some("DE")),
            (" united states ", Some("US")),
            ("USA", Some("US")),
            ("France, Metropolitan", Some("FR")),
            ("gb", Some("GB")),
            ("UK", Some("GB")),
            ("European Union", None),
            ("California", None),
            ("", None),
        ] {
            assert_eq!(code(name), expected, "{name}");
        }
    }

    #[test]
    fn every_entry_is_a_code_and_a_name() {
        let count = COUNTRIES.split('|').count();
        assert_eq!(entries().count(), count);
        for (code, name) in entries() {
            assert!(
                code.len() == 2 && code.bytes().all(|it| it.is_ascii_uppercase()),
                "{code}"
            );
            assert_eq!(name, name.trim(), "{code}");
        }
    }
}
