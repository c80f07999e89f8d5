package didit

import (
	"fmt"
	"log/slog"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// A service holds its client, whose configuration must not be printed with it.

// Format prints the type's name only.
func (BillingService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "didit.BillingService") }

// LogValue logs the type's name only.
func (BillingService) LogValue() slog.Value { return kyc.LogName("didit.BillingService") }

// Format prints the type's name only.
func (BlocklistService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "didit.BlocklistService") }

// LogValue logs the type's name only.
func (BlocklistService) LogValue() slog.Value { return kyc.LogName("didit.BlocklistService") }

// Format prints the type's name only.
func (BusinessesService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "didit.BusinessesService") }

// LogValue logs the type's name only.
func (BusinessesService) LogValue() slog.Value { return kyc.LogName("didit.BusinessesService") }

// Format prints the type's name only.
func (ChecksService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "didit.ChecksService") }

// LogValue logs the type's name only.
func (ChecksService) LogValue() slog.Value { return kyc.LogName("didit.ChecksService") }

// Format prints the type's name only.
func (CustomizationService) Format(f fmt.State, _ rune) {
	kyc.FormatName(f, "didit.CustomizationService")
}

// LogValue logs the type's name only.
func (CustomizationService) LogValue() slog.Value { return kyc.LogName("didit.CustomizationService") }

// Format prints the type's name only.
func (HealthService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "didit.HealthService") }

// LogValue logs the type's name only.
func (HealthService) LogValue() slog.Value { return kyc.LogName("didit.HealthService") }

// Format prints the type's name only.
func (ListsService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "didit.ListsService") }

// LogValue logs the type's name only.
func (ListsService) LogValue() slog.Value { return kyc.LogName("didit.ListsService") }

// Format prints the type's name only.
func (MediaService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "didit.MediaService") }

// LogValue logs the type's name only.
func (MediaService) LogValue() slog.Value { return kyc.LogName("didit.MediaService") }

// Format prints the type's name only.
func (QuestionnairesService) Format(f fmt.State, _ rune) {
	kyc.FormatName(f, "didit.QuestionnairesService")
}

// LogValue logs the type's name only.
func (QuestionnairesService) LogValue() slog.Value { return kyc.LogName("didit.QuestionnairesService") }

// Format prints the type's name only.
func (SessionsService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "didit.SessionsService") }

// LogValue logs the type's name only.
func (SessionsService) LogValue() slog.Value { return kyc.LogName("didit.SessionsService") }

// Format prints the type's name only.
func (TransactionsService) Format(f fmt.State, _ rune) {
	kyc.FormatName(f, "didit.TransactionsService")
}

// LogValue logs the type's name only.
func (TransactionsService) LogValue() slog.Value { return kyc.LogName("didit.TransactionsService") }

// Format prints the type's name only.
func (UsersService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "didit.UsersService") }

// LogValue logs the type's name only.
func (UsersService) LogValue() slog.Value { return kyc.LogName("didit.UsersService") }

// Format prints the type's name only.
func (WebhooksService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "didit.WebhooksService") }

// LogValue logs the type's name only.
func (WebhooksService) LogValue() slog.Value { return kyc.LogName("didit.WebhooksService") }

// Format prints the type's name only.
func (WorkflowsService) Format(f fmt.State, _ rune) { kyc.FormatName(f, "didit.WorkflowsService") }

// LogValue logs the type's name only.
func (WorkflowsService) LogValue() slog.Value { return kyc.LogName("didit.WorkflowsService") }
