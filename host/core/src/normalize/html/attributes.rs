//! The attributes of a tag that show or hide its content: `hidden` and `style`.

/// The attributes of the current tag. Others are skipped.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    /// The name of the current attribute, as far as it was read.
    name: Vec<u8>,
    has_hidden: bool,
    style: Vec<u8>,
}

impl Attributes {
    /// Begins another tag.
    pub(super) fn clear(&mut self) {
        self.name.clear();
        self.has_hidden = false;
        self.style.clear();
    }

    /// Begins another attribute.
    pub(super) fn begin(&mut self) {
        self.end();
        self.name.clear();
    }

    pub(super) fn push_name(&mut self, piece: &[u8]) {
        self.name.extend_from_slice(piece);
    }

    pub(super) fn push_value(&mut self, piece: &[u8]) {
        if self.name == b"style" {
            self.style.extend_from_slice(piece);
        }
    }

    /// Returns the effect of all attributes of the tag.
    pub(super) fn visibility(&mut self) -> Visibility {
        self.end();
        if self.has_hidden {
            return Visibility::Absent;
        }
        Visibility::of_style(&String::from_utf8_lossy(&self.style))
    }

    /// Notes the current attribute, whose name is complete now.
    fn end(&mut self) {
        self.has_hidden |= self.name == b"hidden";
    }
}

/// The effect of attributes on the visibility of an element's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Visibility {
    /// They say nothing about it.
    Inherited,
    /// The element is not there. Nothing inside it can change that.
    Absent,
    /// The content is not shown, unless an element inside says otherwise.
    Invisible,
    /// Ends the effect of `Invisible`.
    Visible,
}

impl Visibility {
    /// Returns the effect of a `style` attribute. Of a visible and an invisible declaration, the
    /// invisible one decides.
    pub(super) fn of_style(style: &str) -> Self {
        let mut visibility = Self::Inherited;
        for declaration in style.split(';') {
            match Self::of_declaration(declaration) {
                Self::Inherited => {}
                Self::Absent => return Self::Absent,
                _ if visibility == Self::Invisible => {}
                found => visibility = found,
            }
        }
        visibility
    }

    fn of_declaration(declaration: &str) -> Self {
        const PROPERTIES: [&str; 4] = ["display", "mso-hide", "visibility", "font-size"];

        let (property, value) = declaration.split_once(':').unwrap_or_default();
        let is_named = |name: &&str| property.trim().eq_ignore_ascii_case(name);
        let Some(property) = PROPERTIES.into_iter().find(is_named) else {
            return Self::Inherited;
        };

        let value = value.to_ascii_lowercase().replace("!important", "");
        match (property, value.trim()) {
            ("display", "none") | ("mso-hide", "all") => Self::Absent,
            ("visibility", "hidden" | "collapse") => Self::Invisible,
            ("visibility", "visible") => Self::Visible,
            ("font-size", size) if is_zero(size) => Self::Invisible,
            ("font-size", size) if !is_relative(size) => Self::Visible,
            _ => Self::Inherited,
        }
    }
}

/// Returns true for a size that is nothing if that of the parent is. Numbers with a unit such as
/// `em` are not among them: they may be those of a stylesheet.
fn is_relative(size: &str) -> bool {
    matches!(size, "" | "inherit" | "larger" | "smaller" | "unset")
}

/// Returns true for a size such as `0`, `0px` and `0.0em`.
fn is_zero(size: &str) -> bool {
    let number = size.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    number.trim().parse::<f32>() == Ok(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inline_style_hides_or_shows() {
        for (style, visibility) in [
            ("color: red", Visibility::Inherited),
            ("color: red; DISPLAY : none !important", Visibility::Absent),
            ("display:block", Visibility::Inherited),
            ("mso-hide:all", Visibility::Absent),
            ("visibility:hidden", Visibility::Invisible),
            ("font-size:0", Visibility::Invisible),
            ("font-size: 0.0px;visibility:visible", Visibility::Invisible),
            ("font-size:0.9em", Visibility::Visible),
            ("font-size:larger", Visibility::Inherited),
            ("font-size:.9rem", Visibility::Visible),
            ("font-size:small", Visibility::Visible),
            ("display:none;font-size:9px", Visibility::Absent),
            ("background:url(display:none)", Visibility::Inherited),
            ("", Visibility::Inherited),
        ] {
            assert_eq!(Visibility::of_style(style), visibility, "{style}");
        }
    }
}
