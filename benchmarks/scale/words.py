"""What made-up names and sentences are put together from."""

GIVEN = (
    "Maria James Anna Peter Sofia David Elena Thomas Laura Michael Olivia Daniel Emma Lucas Julia Martin Clara "
    "Robert Nina Paul Irene Simon Ruth Victor Alice Hugo Leila Omar Amara Kwame Yuki Hiro Mei Wei Priya Arjun "
    "Fatima Yusuf Ingrid Lars Freya Oscar Zoe Felix Ada Niall Siobhan Owen Bronwen Ewan Isla Mateo Lucía Diego "
    "Camille Louis Chloé Jürgen Björn Zoë Łukasz Agnieszka Marek Ivana Goran Dimitri Katya Pavel Ottilie Rosa"
).split()
"""First names, the commonest first."""

FAMILY = (
    "Smith Jones Müller Garcia Brown Rossi Silva Khan Nguyen Martin Johansson Novak Kowalski Dubois Fernández "
    "Okafor Mensah Tanaka Sato Chen Patel Sharma Ali Haddad Hansen Virtanen Murphy Walsh Evans Davies Campbell "
    "Stewart Fraser Bauer Fischer Weber Schneider Ricci Conti Moreau Laurent Santos Costa Popescu Ionescu Petrov "
    "Ivanova Horvat Kovač Papadopoulos Yılmaz Demir Cohen Levi Adeyemi Diallo Traoré Mwangi Njoroge Botha Pillay "
    "Zhang Liu Kim Park Wright Turner Carter Bennett Hughes Foster Gray Reid Marsh Holt Whitlock Ashdown Penrose "
    "Larkin Thorne Vance Quill Ridley Sable Tarrant Umber Wexford Yardley Zimmermann Abbott Barlow Calder Drake"
).split()
"""Family names, the commonest first."""

PLACES = (
    "London Leeds York Bristol Cardiff Glasgow Dundee Belfast Dublin Cork Paris Lyon Nantes Lille Berlin Hamburg "
    "Köln Bremen Leipzig Wien Graz Zürich Basel Milano Torino Bologna Madrid Sevilla Bilbao Porto Lisboa Oslo Bergen "
    "Malmö Göteborg Aarhus Helsinki Turku Tallinn Riga Vilnius Kraków Gdańsk Praha Brno Budapest Zagreb Ljubljana "
    "Athens Ankara Izmir Cairo Accra Lagos Nairobi Durban Delhi Pune Hanoi Osaka Kyoto Perth Adelaide Boston Austin "
    "Denver Toronto Halifax Lima Bogotá Salvador"
).split()

COUNTRIES = (
    "GB IE FR DE AT CH IT ES PT NO SE DK FI EE PL CZ HU HR GR TR EG GH NG KE ZA IN JP AU US CA BR".split()
)

TRADES = (
    "Foods Textiles Logistics Optics Ceramics Timber Printing Systems Instruments Chemicals Packaging Robotics "
    "Foundry Bakeries Breweries Shipping Motors Energy Water Software Analytics Media Press Housing Health Schools "
    "Retail Estates Capital Holdings Partners Advisors Mining Glass Paper Plastics Farms Dairy Fisheries Vineyards "
    "Tools Fasteners Bearings Castings Coatings Cables Circuits Batteries Solar Wind Rail Air Harbour Roads Bridges "
    "Clinics Pharmacy Dental Sport Travel Hotels Catering"
).split()

FORMS = "Ltd GmbH SA plc AB SpA BV Oy Group Works Company Association Trust Council".split()

TITLES = (
    "Buyer",
    "Head of purchasing",
    "Finance director",
    "Operations manager",
    "Managing director",
    "Technical lead",
    "Press officer",
    "Programme manager",
    "Analyst",
    "Board member",
)

SUBJECTS = (
    "Order", "Delivery dates", "Invoice", "Renewal", "Quality", "Visit", "New range", "Contract", "Planning",
    "Introduction", "Follow-up", "Statement", "Forecast", "Feedback", "Service",
)  # fmt: skip

OPENINGS = (
    "They asked about {0} and want an answer before the end of the month.",
    "We went through {0} together; the open points are listed below.",
    "A short call about {0}. They are content with how it goes.",
    "They are unhappy with {0} and said so plainly.",
    "Good meeting. {0} was the main subject, and they thanked us for the quick help.",
    "We sent the figures for {0} and offered two dates.",
    "They confirmed {0} and will write once it is signed.",
    "Nobody was there; left a message about {0}.",
)

CLOSINGS = (
    "Next we send the draft and wait for their comments.",
    "They will speak with their finance people first.",
    "We agreed to look at it again in two weeks.",
    "No further steps for now.",
    "They would like somebody to visit the site.",
    "The price was raised once more, without a decision.",
)

PROMISES = (
    "Send the revised offer",
    "Return the signed contract",
    "Share the delivery plan",
    "Name a contact for questions",
    "Replace the faulty parts",
    "Arrange the site visit",
    "Report the quarter's figures",
)

STEPS = (
    "Call about the offer",
    "Ask how it went",
    "Send the agenda",
    "Check the delivery",
    "Plan the next visit",
)
