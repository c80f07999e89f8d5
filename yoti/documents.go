package yoti

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/seed44d1d1b3/kyc-go/internal/transport"
	"github.com/seed44d1d1b3/kyc-go/kyc"
)

// SupportedDocumentsService is the catalogue of documents that the service reads.
type SupportedDocumentsService struct{ c *Client }

// SupportedDocumentsRequest narrows the catalogue.
type SupportedDocumentsRequest struct {
	// IncludeNonLatin lists documents in other scripts too; nil leaves it to the service.
	IncludeNonLatin *bool
}

// Format prints the type's name only; see [kyc.FormatRedacted].
func (r SupportedDocumentsRequest) Format(f fmt.State, verb rune) { kyc.FormatRedacted(f, verb, r) }

// LogValue logs the type's name only; see [kyc.LogRedacted].
func (r SupportedDocumentsRequest) LogValue() slog.Value { return kyc.LogRedacted(r) }

// Get returns the countries and their documents.
func (s *SupportedDocumentsService) Get(ctx context.Context, req SupportedDocumentsRequest, opts ...kyc.Option) (*SupportedDocuments, error) {
	query := ""
	if req.IncludeNonLatin != nil {
		query = "includeNonLatin=" + strconv.FormatBool(*req.IncludeNonLatin)
	}
	return fetch[SupportedDocuments](ctx, s.c, request{
		operation: "supported_documents.get", class: transport.Safe, method: http.MethodGet, template: "/supported-documents", query: query,
	}, opts)
}
