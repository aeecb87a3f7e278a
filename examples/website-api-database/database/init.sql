CREATE TABLE planets (
    id serial PRIMARY KEY,
    name text NOT NULL UNIQUE,
    moons integer NOT NULL
);

INSERT INTO planets (name, moons)
VALUES ('Earth', 1), ('Mars', 2), ('Jupiter', 97), ('Saturn', 274);
