package main

import (
	"crypto/rand"
	"encoding/hex"
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

// newStates makes the state values that tie a browser's return to the browser that left. Processes that share the work
// need one key, and one store of the states that were used; this one remembers them in memory.
func newStates(key []byte) (*transmit.States, error) { return transmit.NewStates(key, 0, nil) }

// newKey makes a key that lasts as long as the program.
func newKey() []byte {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // it never fails
	return key
}

// stateKey reads the key of the states, which has to be the same after a restart.
func (a *app) stateKey(env func(string) string) ([]byte, error) {
	text := env("TRANSMIT_STATE_KEY")
	if text == "" {
		a.log.Warn("TRANSMIT_STATE_KEY is not set: whoever is at Transmit when this program ends will be refused on returning")
		return newKey(), nil
	}
	key, err := hex.DecodeString(text)
	if err != nil || len(key) != 32 {
		return nil, errors.New("TRANSMIT_STATE_KEY must be 64 hexadecimal digits: openssl rand -hex 32")
	}
	return key, nil
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

// fromEnvironment serves each vendor whose credentials are set.
func (a *app) fromEnvironment(env func(string) string) error {
	options := []kyc.Option{kyc.WithUserAgent("kyc-go-webhooks/1.0"), kyc.WithLogger(a.log)}
	if ok, err := complete(env, "JUMIO_CLIENT_ID", "JUMIO_CLIENT_SECRET", "JUMIO_REGION"); err != nil {
		return err
	} else if ok {
		client, err := jumio.NewClient(jumio.Config{
			ClientID: env("JUMIO_CLIENT_ID"), ClientSecret: kyc.Secret(env("JUMIO_CLIENT_SECRET")), Region: jumio.Region(env("JUMIO_REGION")),
		}, options...)
		if err != nil {
			return err
		}
		a.addJumio(client)
	}
	// Without its secret every notice of Didit or Yoti is refused.
	if ok, err := complete(env, "DIDIT_API_KEY", "DIDIT_WEBHOOK_SECRET"); err != nil {
		return err
	} else if ok {
		client, err := didit.NewClient(didit.Config{APIKey: kyc.Secret(env("DIDIT_API_KEY"))}, options...)
		if err != nil {
			return err
		}
		a.addDidit(client, kyc.Secret(env("DIDIT_WEBHOOK_SECRET")))
	}
	if ok, err := complete(env, "YOTI_SDK_ID", "YOTI_KEY_FILE", "YOTI_NOTIFICATION_TOKEN"); err != nil {
		return err
	} else if ok {
		pem, err := os.ReadFile(env("YOTI_KEY_FILE"))
		if err != nil {
			return fmt.Errorf("YOTI_KEY_FILE: %w", err)
		}
		auth := yoti.NotificationAuth{Type: yoti.NotificationAuthTypeBasic, Token: kyc.Secret(env("YOTI_NOTIFICATION_TOKEN"))}
		client, err := yoti.NewClient(yoti.Config{SDKID: env("YOTI_SDK_ID"), PrivateKey: pem, NotificationAuth: auth}, options...)
		if err != nil {
			return err
		}
		a.addYoti(client, auth)
	}
	if ok, err := complete(env, "TRANSMIT_CLIENT_ID", "TRANSMIT_CLIENT_SECRET", "TRANSMIT_ENVIRONMENT"); err != nil {
		return err
	} else if ok {
		key, err := a.stateKey(env)
		if err != nil {
			return err
		}
		states, err := newStates(key)
		if err != nil {
			return err
		}
		client, err := transmit.NewClient(transmit.Config{
			ClientID: env("TRANSMIT_CLIENT_ID"), ClientSecret: kyc.Secret(env("TRANSMIT_CLIENT_SECRET")), Environment: transmit.Environment(env("TRANSMIT_ENVIRONMENT")),
		}, append(options, transmit.WithStates(states))...)
		if err != nil {
			return err
		}
		a.addTransmit(client, states)
	}
	if len(a.routes) == 0 {
		return errors.New("no vendor's credentials are set; see -help, or try -demo")
	}
	return nil
}
