package transmit

import (
	"fmt"
	"log/slog"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// A service holds its client, whose configuration must not be printed with it.

// Format prints the type's name only.
func (EventsService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "transmit.EventsService") }

// LogValue logs the type's name only.
func (EventsService) LogValue() slog.Value { return kyc.LogName("transmit.EventsService") }

// Format prints the type's name only.
func (FaceAuthService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "transmit.FaceAuthService") }

// LogValue logs the type's name only.
func (FaceAuthService) LogValue() slog.Value { return kyc.LogName("transmit.FaceAuthService") }

// Format prints the type's name only.
func (ImagesService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "transmit.ImagesService") }

// LogValue logs the type's name only.
func (ImagesService) LogValue() slog.Value { return kyc.LogName("transmit.ImagesService") }

// Format prints the type's name only.
func (SessionsService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "transmit.SessionsService") }

// LogValue logs the type's name only.
func (SessionsService) LogValue() slog.Value { return kyc.LogName("transmit.SessionsService") }
