package didit

import (
	"fmt"
	"log/slog"

	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// A service holds its client, whose configuration must not be printed with it.

// Format prints the type's name only.
func (s BillingService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s BillingService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s BlocklistService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s BlocklistService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s BusinessesService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s BusinessesService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s ChecksService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s ChecksService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s CustomizationService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s CustomizationService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s HealthService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s HealthService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s ListsService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s ListsService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s MediaService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s MediaService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s QuestionnairesService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s QuestionnairesService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s SessionsService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s SessionsService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s TransactionsService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s TransactionsService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s UsersService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s UsersService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s WebhooksService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s WebhooksService) LogValue() slog.Value { return kyc.LogRedacted(s) }

// Format prints the type's name only.
func (s WorkflowsService) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, s) }

// LogValue logs the type's name only.
func (s WorkflowsService) LogValue() slog.Value { return kyc.LogRedacted(s) }
