-- case: a check that old rows never met
-- expect: warning constraint-not-validated:results:results_value
CREATE TABLE results (id uuid PRIMARY KEY, value numeric);
ALTER TABLE results ADD CONSTRAINT results_value CHECK (value > 0) NOT VALID;

-- case: a foreign key that old rows never met
-- expect: warning constraint-not-validated:results:results_order
CREATE TABLE orders (id uuid PRIMARY KEY);
CREATE TABLE results (id uuid PRIMARY KEY, order_id uuid);
ALTER TABLE results ADD CONSTRAINT results_order FOREIGN KEY (order_id) REFERENCES orders NOT VALID;

-- case: validated since
CREATE TABLE results (id uuid PRIMARY KEY, value numeric);
ALTER TABLE results ADD CONSTRAINT results_value CHECK (value > 0) NOT VALID;
ALTER TABLE results VALIDATE CONSTRAINT results_value;
