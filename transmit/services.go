package transmit

import (
	"fmt"
	"log/slog"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// A service holds its client, whose configuration must not be printed with it.

// Format prints the type's name only.
func (s EventsService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s EventsService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s FaceAuthService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s FaceAuthService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s ImagesService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s ImagesService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s SessionsService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s SessionsService) LogValue() slog.Value { return kyc.LogRedacted(s) }
