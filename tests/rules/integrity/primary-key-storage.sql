-- case: a ULID kept as text, without a check of its alphabet
-- expect: warning primary-key-storage:messages.id
-- loads: no, gen_ulid comes with an extension
CREATE TABLE messages (id char(26) PRIMARY KEY DEFAULT gen_ulid(), body text);

-- case: a ULID kept in the mandated type
-- loads: no, gen_ulid comes with an extension
CREATE TABLE messages (id uuid PRIMARY KEY DEFAULT gen_ulid(), body text);
