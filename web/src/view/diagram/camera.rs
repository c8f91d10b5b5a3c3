//! Which part of the drawing is seen.

/// The largest magnification.
const LARGEST: f64 = 4.0;
/// A drawing is not fitted larger than it was drawn.
const NATURAL: f64 = 1.0;

/// The part of a drawing that a window shows. Lengths of the drawing are in its own units, those of the
/// window in CSS pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Camera {
    /// Size of the drawing.
    pub(super) drawing: (f64, f64),
    /// Size of the window.
    pub(super) window: (f64, f64),
    /// The drawing's point in the window's upper left corner.
    pub(super) corner: (f64, f64),
    /// Pixels of the window for a unit of the drawing.
    pub(super) scale: f64,
}

impl Camera {
    /// Shows the whole drawing, in the middle.
    pub(super) fn fit(&mut self) {
        self.scale = self.fitting();
        self.center((self.drawing.0 / 2.0, self.drawing.1 / 2.0));
    }

    fn fitting(&self) -> f64 {
        let (width, height) = (self.drawing.0.max(1.0), self.drawing.1.max(1.0));
        (self.window.0 / width).min(self.window.1 / height).min(NATURAL)
    }

    /// Brings a point of the drawing to the middle of the window.
    pub(super) fn center(&mut self, point: (f64, f64)) {
        self.corner = (
            point.0 - self.window.0 / 2.0 / self.scale,
            point.1 - self.window.1 / 2.0 / self.scale,
        );
    }

    /// Brings a table to the middle, large enough to be read.
    pub(super) fn show(&mut self, left: f64, top: f64, width: f64, height: f64) {
        self.scale = self.scale.clamp(0.8, LARGEST);
        self.center((left + width / 2.0, top + height / 2.0));
    }

    /// Moves the drawing by a distance in the window.
    pub(super) fn drag(&mut self, by: (f64, f64)) {
        self.corner.0 -= by.0 / self.scale;
        self.corner.1 -= by.1 / self.scale;
        self.hold();
    }

    /// Magnifies by a factor; the point of the drawing under a point of the window stays there.
    pub(super) fn zoom(&mut self, factor: f64, at: (f64, f64)) {
        let before = self.scale;
        let smallest = self.fitting() * 0.5;
        self.scale = (before * factor).clamp(smallest.min(LARGEST), LARGEST);
        self.corner.0 += at.0 / before - at.0 / self.scale;
        self.corner.1 += at.1 / before - at.1 / self.scale;
        self.hold();
    }

    /// Keeps some of the drawing in the window.
    fn hold(&mut self) {
        let seen = (self.window.0 / self.scale, self.window.1 / self.scale);
        let within = |corner: f64, seen: f64, length: f64| {
            let rest = (seen * 0.2).min(length * 0.5);
            corner.clamp(rest - seen, (length - rest).max(rest - seen))
        };
        self.corner.0 = within(self.corner.0, seen.0, self.drawing.0);
        self.corner.1 = within(self.corner.1, seen.1, self.drawing.1);
    }

    /// The value of the drawing's `viewBox`.
    pub(super) fn view_box(&self) -> String {
        format!(
            "{:.2} {:.2} {:.2} {:.2}",
            self.corner.0,
            self.corner.1,
            self.window.0 / self.scale,
            self.window.1 / self.scale
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn camera() -> Camera {
        let mut camera =
            Camera { drawing: (1_000.0, 500.0), window: (500.0, 500.0), ..Camera::default() };
        camera.fit();
        camera
    }

    #[test]
    fn the_whole_drawing_is_fitted_into_the_middle() {
        assert_eq!(camera().view_box(), "0.00 -250.00 1000.00 1000.00");
        let mut small =
            Camera { drawing: (100.0, 100.0), window: (500.0, 500.0), ..Camera::default() };
        small.fit();
        assert_eq!(small.view_box(), "-200.00 -200.00 500.00 500.00");
    }

    #[test]
    fn the_point_under_the_pointer_stays() {
        let mut camera = camera();
        let point = |camera: &Camera| {
            (camera.corner.0 + 100.0 / camera.scale, camera.corner.1 + 250.0 / camera.scale)
        };
        let before = point(&camera);
        camera.zoom(2.0, (100.0, 250.0));
        let after = point(&camera);
        assert!((before.0 - after.0).abs() < 1e-9 && (before.1 - after.1).abs() < 1e-9);
        assert!((camera.scale - 1.0).abs() < 1e-9);
    }

    #[test]
    fn the_drawing_does_not_get_lost() {
        let mut camera = camera();
        camera.drag((1e9, -1e9));
        let seen = 500.0 / camera.scale;
        assert!(camera.corner.0 + seen > 0.0 && camera.corner.1 < 500.0, "{camera:?}");
        for _ in 0..100 {
            camera.zoom(0.5, (0.0, 0.0));
        }
        assert!(camera.scale >= 0.2, "{camera:?}");
        for _ in 0..100 {
            camera.zoom(2.0, (0.0, 0.0));
        }
        assert!(camera.scale <= 4.0, "{camera:?}");
    }
}
