"""Which calls a person hears: drawn so that the probability of each is known and anyone can draw again."""
