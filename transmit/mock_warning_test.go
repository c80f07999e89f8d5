package transmit_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
)

// A session whose outcome is chosen in advance is told to the log where it would count, and nobody is told anything else.
func TestMockedSessionIsWarnedOf(t *testing.T) {
	for name, tt := range map[string]struct {
		cfg    transmit.Config
		mock   *transmit.MockBehavior
		warned bool
	}{
		"production":                 {transmit.Config{Environment: transmit.ProductionEU}, &transmit.MockBehavior{Recommendation: transmit.RecommendationAllow}, true},
		"production by its address":  {transmit.Config{BaseURL: "https://api.transmitsecurity.io:443"}, &transmit.MockBehavior{}, true},
		"production without a mock":  {transmit.Config{Environment: transmit.ProductionEU}, nil, false},
		"sandbox":                    {transmit.Config{Environment: transmit.Sandbox}, &transmit.MockBehavior{Recommendation: transmit.RecommendationAllow}, false},
		"a fake":                     {transmit.Config{BaseURL: "https://vendor.invalid"}, &transmit.MockBehavior{Recommendation: transmit.RecommendationAllow}, false},
		"a proxy to somewhere else":  {transmit.Config{BaseURL: "https://api.transmitsecurity.io.example.com"}, &transmit.MockBehavior{}, false},
		"sandbox of the same vendor": {transmit.Config{BaseURL: "https://api.sbx.transmitsecurity.io"}, &transmit.MockBehavior{}, false},
	} {
		tt.cfg.ClientID, tt.cfg.ClientSecret = "id", "s"
		var log bytes.Buffer
		opts := []kyc.Option{kyc.WithHTTPClient(&http.Client{Transport: roundTripper(func(r *http.Request) string {
			if strings.HasSuffix(r.URL.Path, "/token") {
				return `{"access_token":"t","expires_in":3600}`
			}
			return `{"session_id":"s1","start_token":"t1","expiration":"","missing_images":[]}`
		})})}
		for _, opts := range [][]kyc.Option{opts, append(opts, kyc.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))} {
			client, err := transmit.NewClient(tt.cfg, opts...)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := client.Sessions.Create(t.Context(), transmit.SessionRequest{MockBehavior: tt.mock, State: "secret-state"}); err != nil {
				t.Fatal(err)
			}
		}
		text := log.String()
		if warned := strings.Contains(text, "level=WARN") && strings.Contains(text, "mocked outcome"); warned != tt.warned || strings.Contains(text, "s1") || strings.Contains(text, "secret-state") {
			t.Errorf("%s: %s", name, text)
		}
	}
}
