package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/seed44d1d1b3/kyc-go/didit"
	"github.com/seed44d1d1b3/kyc-go/jumio"
	"github.com/seed44d1d1b3/kyc-go/kyc"
	"github.com/seed44d1d1b3/kyc-go/transmit"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

var parsers = map[kyc.Vendor]func([]byte, ...kyc.Option) (*kyc.Result, error){
	kyc.Jumio: jumio.ParseResult, kyc.Transmit: transmit.ParseResult, kyc.Didit: didit.ParseResult, kyc.Yoti: yoti.ParseResult,
}

// renormalise decides from the bytes that the vendor sent then. It uses no network.
func renormalise(_ context.Context, stored *kyc.Result) (*kyc.Result, error) {
	parse, ok := parsers[stored.Ref.Vendor]
	switch {
	case !ok:
		return nil, errors.New("the result is of no vendor that this program knows")
	case len(stored.Raw) == 0:
		return nil, errors.New("the vendor's bytes were not stored")
	}
	return parse(stored.Raw)
}

// fetcher decides from what the vendor says now. A client keeps its vendor's budget, however many workers ask.
func fetcher(clients map[kyc.Vendor]kyc.Provider) decider {
	return func(ctx context.Context, stored *kyc.Result) (*kyc.Result, error) {
		client, ok := clients[stored.Ref.Vendor]
		if !ok {
			return nil, errors.New("there are no credentials for this vendor")
		}
		return client.Fetch(ctx, stored.Ref)
	}
}

// errPartial is the error of credentials of which only some are set.
var errPartial = errors.New("incomplete credentials")

// complete tells whether all the named variables are set. If only some are, that is an error: a vendor that was left out
// silently would be missed too late.
func complete(env func(string) string, names ...string) (bool, error) {
	var set, missing []string
	for _, n := range names {
		if env(n) == "" {
			missing = append(missing, n)
		} else {
			set = append(set, n)
		}
	}
	if len(set) > 0 && len(missing) > 0 {
		return false, fmt.Errorf("%w: %s set, but %s not", errPartial, are(set), are(missing))
	}
	return len(missing) == 0, nil
}

// are joins names as in "A is" or "A and B are".
func are(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0] + " is"
	}
	return strings.Join(names[:last], ", ") + " and " + names[last] + " are"
}

// fromEnvironment makes a client of each vendor whose credentials are set.
func fromEnvironment(env func(string) string, options ...kyc.Option) (map[kyc.Vendor]kyc.Provider, error) {
	out := map[kyc.Vendor]kyc.Provider{}
	options = append(options, kyc.WithUserAgent("kyc-go-batch/1.0"))
	if ok, err := complete(env, "JUMIO_CLIENT_ID", "JUMIO_CLIENT_SECRET", "JUMIO_REGION"); err != nil {
		return nil, err
	} else if ok {
		client, err := jumio.NewClient(jumio.Config{
			ClientID: env("JUMIO_CLIENT_ID"), ClientSecret: kyc.Secret(env("JUMIO_CLIENT_SECRET")), Region: jumio.Region(env("JUMIO_REGION")),
		}, options...)
		if err != nil {
			return nil, err
		}
		out[kyc.Jumio] = client
	}
	if ok, err := complete(env, "TRANSMIT_CLIENT_ID", "TRANSMIT_CLIENT_SECRET", "TRANSMIT_ENVIRONMENT"); err != nil {
		return nil, err
	} else if ok {
		client, err := transmit.NewClient(transmit.Config{
			ClientID: env("TRANSMIT_CLIENT_ID"), ClientSecret: kyc.Secret(env("TRANSMIT_CLIENT_SECRET")), Environment: transmit.Environment(env("TRANSMIT_ENVIRONMENT")),
		}, options...)
		if err != nil {
			return nil, err
		}
		out[kyc.Transmit] = client
	}
	if key := env("DIDIT_API_KEY"); key != "" {
		client, err := didit.NewClient(didit.Config{APIKey: kyc.Secret(key)}, options...)
		if err != nil {
			return nil, err
		}
		out[kyc.Didit] = client
	}
	if ok, err := complete(env, "YOTI_SDK_ID", "YOTI_KEY_FILE"); err != nil {
		return nil, err
	} else if ok {
		pem, err := os.ReadFile(env("YOTI_KEY_FILE"))
		if err != nil {
			return nil, fmt.Errorf("YOTI_KEY_FILE: %w", err)
		}
		client, err := yoti.NewClient(yoti.Config{SDKID: env("YOTI_SDK_ID"), PrivateKey: pem}, options...)
		if err != nil {
			return nil, err
		}
		out[kyc.Yoti] = client
	}
	if len(out) == 0 {
		return nil, errors.New("-refetch needs the credentials of a vendor; see -help")
	}
	return out, nil
}
