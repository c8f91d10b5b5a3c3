//! The analysis worker.

fn main() {
    schemaward_web::run_worker();
}
