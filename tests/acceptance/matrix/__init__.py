"""Who gets what: the world that is asked about, every route as a row, and what each role is answered."""
