"""Personal information by its own form: check digits where a standard has them, else the form and the name of the field."""

from hegui.catalogue.recognisers.keys import Meaning, meaning
from hegui.catalogue.recognisers.traits import trait
from hegui.catalogue.recognisers.values import Recognised, coordinates, recognise

__all__ = ["Meaning", "Recognised", "coordinates", "meaning", "recognise", "trait"]
