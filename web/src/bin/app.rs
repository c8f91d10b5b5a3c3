//! The page.

fn main() {
    schemaward_web::run_page();
}
