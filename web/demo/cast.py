"""The clients of the demo: names of nobody."""

from web.demo.parties import abroad, belgian_vat, business, german_vat, person, trader

LOCAL = (
    business(101, "Librairie Quatre-Vents", "8, place du Marché", "25000", "Besançon"),
    business(102, "Librairie du Pont-Vieux", "3, rue Rivotte", "25000", "Besançon"),
    business(103, "Hôtel du Parc Micaud", "11, avenue Édouard-Droz", "25000", "Besançon"),
    business(104, "Cabinet Roussel et Associés", "24, rue de la République", "21000", "Dijon"),
    business(105, "Musée de l’Horlogerie comtoise", "96, Grande-Rue", "25000", "Besançon"),
    business(106, "Éditions de la Combe", "2, chemin des Vergers", "39100", "Dole"),
    business(107, "Imprimerie Thévenin", "ZA des Prés-de-Vaux", "25000", "Besançon"),
    business(108, "Domaine de la Hublais", "La Hublais", "35510", "Cesson-Sévigné"),
    business(109, "Galerie Sainte-Anne", "5, rue Mégevand", "25000", "Besançon"),
    business(110, "Transports Le Goff", "14, quai de la Fosse", "44000", "Nantes"),
    business(111, "Papeterie des Halles", "1, rue Gustave-Courbet", "25000", "Besançon"),
    business(112, "Notaires du Val d’Ornans", "7, place Gustave-Courbet", "25290", "Ornans"),
    business(113, "Maison Œuvrard, champagnes", "18, rue du Moulin", "51200", "Épernay"),
    business(114, "Théâtre de la Citadelle", "Montée de la Citadelle", "25000", "Besançon", "association"),
    business(115, "Société d’émulation du Doubs", "2, rue de l’École", "25000", "Besançon", "association"),
    business(
        116, "Commune de Saint-Aubin-du-Cormier", "Place de la Mairie", "35140", "Saint-Aubin-du-Cormier", "public"
    ),
    business(
        117, "Bibliothèque d’étude et de conservation", "1, rue de la Bibliothèque", "25000", "Besançon", "public"
    ),
    business(118, "Lycée Charles-Fourier", "16, rue du Lycée", "39000", "Lons-le-Saunier", "public"),
)
PEOPLE = (
    person("Claire Dumas", "14, rue Charles-Nodier", "25000", "Besançon"),
    person("Zoé Lefèvre", "3, rue de l’Œuvre", "25000", "Besançon"),
    person("Yann Le Bihan", "22, rue Saint-Malo", "29200", "Brest"),
    person("Ève Roux", "9, rue des Granges", "25000", "Besançon"),
    person("Stéphane Kowalczyk", "31, avenue Carnot", "25000", "Besançon"),
    trader(131, "Maëlle Girardot, ébéniste", "La Scierie", "25580", "Étalans"),
    trader(132, "Paul-Émile Vuillemin, photographe", "4, rue Bersot", "25000", "Besançon"),
)
FOREIGN = (
    abroad("Buchhandlung Morgenstern GmbH", "Kaiserstraße 12", "79098", "Freiburg", "DE", german_vat()),
    abroad("Atelier du Sablon SRL", "Rue des Minimes 40", "1000", "Bruxelles", "BE", belgian_vat()),
    abroad("Fondation du Livre ancien", "Rue du Rhône 8", "1204", "Genève", "CH"),
    abroad("Rare Books of Boston Inc.", "120 Boylston Street", "02116", "Boston", "US"),
)
