package jumio

import (
	"fmt"
	"log/slog"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// A service holds its client, whose configuration must not be printed with it.

// Format prints the type's name only.
func (s AccountsService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s AccountsService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s CredentialsService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s CredentialsService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s HealthService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s HealthService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s WorkflowsService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s WorkflowsService) LogValue() slog.Value { return kyc.LogRedacted(s) }
