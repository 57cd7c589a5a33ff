"""Names that the packages lack or that need a decision of ours."""

# Countries: short and official names, beyond those of the CLDR.
COUNTRY_NAMES = {
    "AE": ["UAE", "Emirates"],
    "BA": ["Bosnia", "Bosnia and Herzegovina"],
    "CD": ["Democratic Republic of the Congo", "DR Congo"],
    "CN": ["PRC", "Mainland China", "China mainland", "People's Republic of China"],
    "CZ": ["Czech Republic", "Czechia"],
    "GB": ["UK", "Great Britain", "Britain", "United Kingdom of Great Britain and Northern Ireland"],
    "HK": ["Hong Kong", "Hongkong", "Hong Kong SAR"],
    "IE": ["Republic of Ireland"],
    "KR": ["Korea", "Republic of Korea"],
    "MK": ["Macedonia"],
    "MO": ["Macau", "Macao"],
    "NL": ["Holland", "The Netherlands"],
    "PH": ["The Philippines"],
    "RU": ["Russian Federation"],
    "SA": ["KSA", "Kingdom of Saudi Arabia"],
    "TR": ["Turkey", "Turkiye"],
    "TW": ["Taiwan ROC"],
    "US": ["US", "USA", "United States of America", "The United States", "Estados Unidos", "États-Unis", "America"],
    "VN": ["Viet Nam"],
}

# Codes that write a country in upper case although they are not of ISO 3166-1.
COUNTRY_CODES = {"GB": ["UK"]}

# Regions: the English name first, then names in other languages.
REGION_NAMES = {
    "AT-2": ["Carinthia", "Kärnten"],
    "AT-3": ["Lower Austria", "Niederösterreich"],
    "AT-4": ["Upper Austria", "Oberösterreich"],
    "AT-6": ["Styria", "Steiermark"],
    "AT-7": ["Tyrol", "Tirol"],
    "AT-9": ["Vienna", "Wien"],
    "BE-BRU": ["Brussels", "Bruxelles", "Brussel", "Brussels Capital Region"],
    "BE-VLG": ["Flanders", "Vlaanderen", "Flandre", "Flandern"],
    "BE-WAL": ["Wallonia", "Wallonie", "Wallonië"],
    "CA-QC": ["Quebec", "Québec"],
    "CH-GE": ["Geneva", "Genève", "Genf"],
    "CH-LU": ["Lucerne", "Luzern"],
    "CH-ZH": ["Zurich", "Zürich"],
    "CZ-10": ["Prague", "Praha", "Prag"],
    "DE-BE": ["Berlin"],
    "DE-BW": ["Baden-Württemberg", "BaWü"],
    "DE-BY": ["Bavaria", "Bayern", "Bavière", "Baviera"],
    "DE-HE": ["Hesse", "Hessen"],
    "DE-MV": ["Mecklenburg-Western Pomerania", "Mecklenburg-Vorpommern", "Mecklenburg Vorpommern"],
    "DE-NI": ["Lower Saxony", "Niedersachsen"],
    "DE-NW": ["North Rhine-Westphalia", "Nordrhein-Westfalen", "NRW", "Northrhine-Westfalia", "Northrhine-Westphalia"],
    "DE-RP": ["Rhineland-Palatinate", "Rheinland-Pfalz"],
    "DE-SN": ["Saxony", "Sachsen"],
    "DE-ST": ["Saxony-Anhalt", "Sachsen-Anhalt"],
    "DE-TH": ["Thuringia", "Thüringen"],
    "ES-AN": ["Andalusia", "Andalucía", "Andalusien"],
    "ES-CT": ["Catalonia", "Cataluña", "Catalunya", "Katalonien"],
    "ES-MD": ["Madrid", "Community of Madrid", "Comunidad de Madrid"],
    "ES-PV": ["Basque Country", "País Vasco", "Euskadi"],
    "FR-BRE": ["Brittany", "Bretagne"],
    "FR-NOR": ["Normandy", "Normandie"],
    "GB-ENG": ["England", "Inglaterra", "Angleterre"],
    "GB-NIR": ["Northern Ireland", "Nordirland"],
    "GB-SCT": ["Scotland", "Schottland", "Écosse", "Escocia"],
    "GB-WLS": ["Wales", "Cymru"],
    "IT-25": ["Lombardy", "Lombardia"],
    "IT-21": ["Piedmont", "Piemonte"],
    "IT-52": ["Tuscany", "Toscana"],
    "IT-62": ["Lazio", "Latium"],
    "NL-NB": ["North Brabant", "Noord-Brabant"],
    "NL-NH": ["North Holland", "Noord-Holland"],
    "NL-ZH": ["South Holland", "Zuid-Holland"],
    "US-CA": ["California", "SF Bay Area", "San Francisco Bay Area", "Bay Area", "Silicon Valley", "Northern California", "Southern California", "SoCal"],
    "US-DC": ["District of Columbia", "Washington DC", "Washington, D.C.", "DC Metro"],
}

# Names of cities, by country and name: what people write that GeoNames lacks, or has only as a code of an airport.
CITY_NAMES = {
    ("US", "New York City"): ["NYC", "New York", "Manhattan"],
    ("US", "San Francisco"): ["SF", "SFO", "San Fran", "San Fransisco"],
    ("US", "Washington"): ["Washington DC", "Washington D.C."],
    ("US", "Chicago"): ["CHI"],
    ("US", "Atlanta"): ["ATL"],
    ("US", "Los Angeles"): ["L.A."],
    ("IN", "Bengaluru"): ["Bangalore"],
    ("IN", "Delhi"): ["Delhi NCR"],
    ("IL", "Tel Aviv"): ["Tel Aviv Yafo", "Tel-Aviv"],
    ("VN", "Ho Chi Minh City"): ["HCMC", "Saigon", "Ho Chi Minh"],
    ("MX", "Mexico City"): ["CDMX", "Ciudad de México"],
    ("HK", "Hong Kong"): ["Hongkong"],
}

# A bare name of these stands for the place named here, although a place elsewhere has a third of its inhabitants or
# more: by the whole urban area it is far larger (Barcelona 5 million, in Venezuela 0.8 million).
WELL_KNOWN = {("barcelona", "ES"), ("heidelberg", "DE")}

# A bare name of these stays unknown: it is also a common word of job boards, or several places are meant as often.
NEVER_BARE = set(
    """
    alliance amazonas anywhere bath central city commerce commercial cordoba corporate delta enterprise field flower hull
    home hope independence industry kent la lima lincoln media merida mission mobile nice normal of opportunity orange
    page pole post reading remote sale sales santa santiago split stage street support temple toledo tours union victoria
    wells west north south east young data test general global international main field sector station union
    """.split()
) - {"lima", "santiago"}

# Names of regions that name only a direction or a kind in many countries.
VAGUE_REGIONS = set(
    """
    central centre center east eastern north north east north eastern north west northeast northern northwest south
    south east south west southeast southern southwest western west capital upper lower coast region federal national
    city district metropolitan area distrito coast federal islands home other remote area municipality
    """.split()
) | {"north east", "north west", "south east", "south west", "north eastern", "western area", "west coast", "east coast", "gulf coast"}
