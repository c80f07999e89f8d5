package didit

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

const (
	opGetCustomization    = "customization.get"
	opUpdateCustomization = "customization.update"
	opCustomizationImages = "customization.update_images"
	pathCustomization     = "/v3/customization/"
)

// CustomizationService changes the look of the hosted pages.
type CustomizationService struct{ c *Client }

// Get reads the look of the hosted pages.
func (s *CustomizationService) Get(ctx context.Context, opts ...kyc.Option) (*Customization, error) {
	return get[Customization](ctx, s.c, opGetCustomization, pathCustomization, nil, opts)
}

// Update changes colours, texts and behaviour. Colours are #RRGGBB or
// #RRGGBBAA.
func (s *CustomizationService) Update(ctx context.Context, req CustomizationUpdate, opts ...kyc.Option) (*Customization, error) {
	for _, colour := range []string{
		req.ColorPrimary, req.ColorSecondary, req.ColorBackground, req.ColorPanel, req.ColorPanel10, req.ColorOnPanel1, req.ColorOnPanel2,
		req.ColorOnBackground, req.ColorButton1, req.ColorButton2, req.ColorButtonText1, req.ColorButtonText2, req.ColorPillText,
	} {
		if colour != "" && !isColour(colour) {
			return nil, kyc.Invalid(kyc.Didit, opUpdateCustomization, "a colour is neither #RRGGBB nor #RRGGBBAA")
		}
	}
	return set[Customization](ctx, s.c, opUpdateCustomization, pathCustomization, nil, req, opts)
}

func isColour(s string) bool {
	if len(s) != 7 && len(s) != 9 || s[0] != '#' {
		return false
	}
	for i := 1; i < len(s); i++ {
		if c := lower(s[i]); !('0' <= c && c <= '9' || 'a' <= c && c <= 'f') {
			return false
		}
	}
	return true
}

// CustomizationImages are logos of the hosted pages: PNG, JPEG or WebP. Those
// left out stay as they are.
type CustomizationImages struct {
	// Square is as wide as high, of at most 1 MB.
	Square kyc.File
	// Rectangular is twice as wide as high, of at most 1 MB.
	Rectangular kyc.File
	// Favicon is of at most 500 KB.
	Favicon kyc.File
}

// Format prints the type's name only; see [kyc.FormatRedacted].
func (r CustomizationImages) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, r) }

// LogValue logs the type's name only; see [kyc.LogRedacted].
func (r CustomizationImages) LogValue() slog.Value { return kyc.LogRedacted(r) }

// UpdateImages replaces logos. The proportions of PNG and JPEG files are
// checked before anything is sent.
func (s *CustomizationService) UpdateImages(ctx context.Context, req CustomizationImages, opts ...kyc.Option) (*Customization, error) {
	f := &form{op: opCustomizationImages}
	if req.Square.IsZero() && req.Rectangular.IsZero() && req.Favicon.IsZero() {
		f.fail("no image is given")
	}
	f.proportioned("image_square", "Square", req.Square, 1)
	f.proportioned("image_rectangular", "Rectangular", req.Rectangular, 2)
	f.optional("image_favicon", "Favicon", req.Favicon, faviconFile)
	return upload[Customization](ctx, s.c, f, http.MethodPatch, pathCustomization, opts)
}

// proportioned adds an image whose width is so many times its height.
func (f *form) proportioned(name, field string, file kyc.File, times int) {
	if file.IsZero() {
		return
	}
	f.file(name, field, file, logoFile)
	if f.err != nil || !file.Reopenable() {
		return
	}
	if width, height, ok := imageSize(file); ok && width != height*times {
		f.fail(field + " has other proportions than the vendor takes")
	}
}
