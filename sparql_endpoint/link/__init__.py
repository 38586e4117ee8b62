"""The graph's ties to Wikidata: proposing, checking and accepting links, and giving back."""
