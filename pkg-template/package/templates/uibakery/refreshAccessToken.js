// A first step for actions of your own that use {{state.accesstoken}}.
return await Doorkey.refreshAccessToken();
