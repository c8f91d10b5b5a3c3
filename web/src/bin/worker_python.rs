//! The analysis worker that reads Python, too.

fn main() {
    schemaward_web::run_worker();
}
