package yotitest

import (
	"net/http"

	"github.com/seed44d1d1b3/kyc-go/internal/fake"
	"github.com/seed44d1d1b3/kyc-go/yoti"
)

func (s *Server) getMedia(c *fake.Call, x *session) {
	m := x.media[c.Path("media")]
	switch {
	case !c.NoBody():
	case m == nil:
		c.Fail(http.StatusNotFound, "MEDIA_NOT_FOUND", "there is no such medium")
	case s.cfg.withhold || s.cfg.withheld[m.kind]:
		c.ReplyEmpty(http.StatusNoContent)
	default:
		c.ReplyBytes(http.StatusOK, m.contentType, m.data)
	}
}

func (s *Server) deleteMedia(c *fake.Call, x *session) {
	id := c.Path("media")
	switch {
	case !c.NoBody():
	case x.media[id] == nil:
		c.Fail(http.StatusNotFound, "MEDIA_NOT_FOUND", "there is no such medium")
	case !x.captured.IsZero() && s.state(x) == yoti.SessionStateOngoing:
		c.Fail(http.StatusConflict, "MEDIA_LOCKED", "a check is at work on the medium")
	default:
		delete(x.media, id)
		c.ReplyEmpty(http.StatusNoContent)
	}
}

// catalogue is a small part of the real one.
func catalogue() []yoti.SupportedCountry {
	return []yoti.SupportedCountry{
		{Code: "GBR", SupportedDocuments: []yoti.SupportedDocument{
			{Type: yoti.DocumentTypePassport, IsStrictlyLatin: new(true)}, {Type: yoti.DocumentTypeDrivingLicence, IsStrictlyLatin: new(true)},
		}},
		{Code: "JPN", SupportedDocuments: []yoti.SupportedDocument{{Type: yoti.DocumentTypeNationalID, IsStrictlyLatin: new(false)}}},
	}
}

func (s *Server) supportedDocuments(c *fake.Call) {
	if !c.NoBody() || !c.QueryOnly("includeNonLatin", "sdkId", "nonce", "timestamp") {
		return
	}
	countries := catalogue()
	switch c.Query("includeNonLatin") {
	case "true":
	case "", "false":
		countries = countries[:1]
	default:
		c.Refuse(http.StatusBadRequest, fake.RuleQuery, "includeNonLatin is neither true nor false")
		return
	}
	reply(c, http.StatusOK, yoti.SupportedDocuments{SupportedCountries: countries})
}

func (s *Server) listDevices(c *fake.Call, x *session) {
	if !c.NoBody() {
		return
	}
	devices := x.devices
	if devices == nil {
		devices = []yoti.TrackedDevice{}
	}
	reply(c, http.StatusOK, devices)
}

func (s *Server) deleteDevices(c *fake.Call, x *session) {
	if c.NoBody() {
		x.devices = nil
		c.ReplyEmpty(http.StatusNoContent)
	}
}
