package jumio

import (
	"fmt"
	"log/slog"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// A service holds its client, whose configuration must not be printed with it.

// Format prints the type's name only.
func (AccountsService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "jumio.AccountsService") }

// LogValue logs the type's name only.
func (AccountsService) LogValue() slog.Value { return kyc.LogName("jumio.AccountsService") }

// Format prints the type's name only.
func (CredentialsService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "jumio.CredentialsService") }

// LogValue logs the type's name only.
func (CredentialsService) LogValue() slog.Value { return kyc.LogName("jumio.CredentialsService") }

// Format prints the type's name only.
func (HealthService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "jumio.HealthService") }

// LogValue logs the type's name only.
func (HealthService) LogValue() slog.Value { return kyc.LogName("jumio.HealthService") }

// Format prints the type's name only.
func (WorkflowsService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "jumio.WorkflowsService") }

// LogValue logs the type's name only.
func (WorkflowsService) LogValue() slog.Value { return kyc.LogName("jumio.WorkflowsService") }
