module github.com/seed44d1d1b3/kyc-go/internal/bench

go 1.26.0

require (
	github.com/go-faster/jx v1.2.0
	github.com/go-json-experiment/json v0.0.0-20260820222146-c27c302e5fc3
	github.com/goccy/go-json v0.12.0
	github.com/google/go-cmp v0.7.0
	github.com/google/go-github/v88 v88.0.0
	github.com/hashicorp/go-retryablehttp v0.7.8
	github.com/seed44d1d1b3/kyc-go v0.0.0
	github.com/stripe/stripe-go/v85 v85.0.0
	golang.org/x/time v0.16.0
)

require (
	github.com/go-faster/errors v0.7.1 // indirect
	github.com/google/go-querystring v1.2.0 // indirect
	github.com/hashicorp/go-cleanhttp v0.5.2 // indirect
	github.com/segmentio/asm v1.2.1 // indirect
	golang.org/x/sys v0.20.0 // indirect
)

replace github.com/seed44d1d1b3/kyc-go => ../..
