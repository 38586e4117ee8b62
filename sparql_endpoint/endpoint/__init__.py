"""The SPARQL endpoint in Flask: the protocol, what every response has, and what workers share."""
